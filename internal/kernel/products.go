package kernel

// Products makes a panel of the columns of a panel and their products: with
// u_j = scale[j]·x_j + shift[j] it sets dst to the columns u_0, …, u_{d−1} and
// then u_j·u_k for j ≤ k, row by row of the triangle.
//
// len(scale) = len(shift) = d, src holds at least d columns of [Panel] values,
// dst d + d·(d+1)/2 of them.
func Products(dst, src, scale, shift []float32) {
	d := len(scale)
	check(len(shift) == d && len(src) >= Panel*d && len(dst) == Panel*(d+d*(d+1)/2), "Products: lengths do not fit")
	products(dst, src, scale, shift)
}

func productsReference(dst, src, scale, shift []float32) {
	d := len(scale)
	for j := range d {
		u, x := (*[Panel]float32)(dst[Panel*j:]), (*[Panel]float32)(src[Panel*j:])
		for i, v := range x {
			u[i] = scale[j]*v + shift[j]
		}
	}
	to := dst[Panel*d:]
	for j := range d {
		a := (*[Panel]float32)(dst[Panel*j:])
		for k := j; k < d; k++ {
			b, p := (*[Panel]float32)(dst[Panel*k:]), (*[Panel]float32)(to)
			for i, v := range a {
				p[i] = v * b[i]
			}
			to = to[Panel:]
		}
	}
}

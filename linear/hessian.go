package linear

// Hessian implements [optimize.Twice]: the product of ∇²J(x) with v in one
// pass over the matrix, Xᵀ·(H∘(X·v)), where H is the Hessian of the losses in
// the scores, K × K for each row. No matrix of columns × columns is formed.
func (b *objective) Hessian(x []float64) (func(v, out []float64) error, error) {
	scores, err := b.scoresAt(x)
	if err != nil {
		return nil, err
	}
	if b.curvature == nil && b.heads == 1 {
		b.curvature = make([]float32, b.rows)
	}
	of := func(from, n int) []float32 {
		if b.heads > 1 {
			return nil
		}
		return b.curvature[from:][:n]
	}
	if err := b.blocks(func(from, n int) { b.curve(of(from, n), scores[from*b.heads:][:b.heads*n], from, n) }); err != nil {
		return nil, err
	}
	return func(v, out []float64) error {
		b.load(v)
		b.pass.clear()
		clear(b.headSums)
		err := b.blocks(func(from, n int) {
			u := b.block[:b.heads*n]
			for h := range b.heads {
				b.pass.scores(u[h*n:][:n], from, h, b.bias[h])
			}
			b.product(u, scores[from*b.heads:][:b.heads*n], of(from, n), from, n)
			for h := range b.heads {
				k := u[h*n:][:n]
				sum := float32(0)
				for _, c := range k {
					sum += c
				}
				b.headSums[h] += float64(sum)
				b.accumulate(k, from, h, nil, 0)
			}
		})
		if err != nil {
			return err
		}
		b.chain(out, v)
		return nil
	}, nil
}

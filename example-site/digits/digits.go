//go:build js && wasm

// Package digits draws what has a number for each pixel of a handwritten digit.
package digits

import (
	"syscall/js"

	"honnef.co/go/js/dom/v2"

	"github.com/focalfit/focalfit/example-site/page"
)

// ink is the value of a pixel that is all ink.
const ink = 16

// Canvas draws a digit's pixels of 0 to 16, each scale pixels wide.
func Canvas(pixels []float64, scale int) *dom.HTMLCanvasElement {
	canvas := page.Canvas(page.New("canvas", ""))
	canvas.SetWidth(Side * scale)
	canvas.SetHeight(Side * scale)
	Draw(canvas, pixels, func(v float64) (r, g, b byte) {
		grey := byte(255 - 255*min(max(v/ink, 0), 1))
		return grey, grey, grey
	})
	return canvas
}

// Draw fills a canvas with squares, the colour of each by its value.
func Draw(canvas *dom.HTMLCanvasElement, pixels []float64, colour func(float64) (r, g, b byte)) {
	bytes := make([]byte, 4*Pixels)
	for i, v := range pixels {
		bytes[4*i], bytes[4*i+1], bytes[4*i+2] = colour(v)
		bytes[4*i+3] = 255
	}
	array := js.Global().Get("Uint8ClampedArray").New(len(bytes))
	js.CopyBytesToJS(array, bytes)
	small := page.Canvas(page.New("canvas", ""))
	small.SetWidth(Side)
	small.SetHeight(Side)
	small.Underlying().Call("getContext", "2d").Call("putImageData", js.Global().Get("ImageData").New(array, Side), 0, 0)
	context := canvas.Underlying().Call("getContext", "2d")
	context.Set("imageSmoothingEnabled", false)
	context.Call("drawImage", small.Underlying(), 0, 0, canvas.Width(), canvas.Height())
}

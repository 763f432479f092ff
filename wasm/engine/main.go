//go:build js && wasm

// Command engine is the binary of the npm package: see package trainer.
package main

import "github.com/focalfit/focalfit/wasm/trainer"

func main() { trainer.Run() }

//go:build js && wasm

package cloudflare

import (
	"context"

	workers "github.com/syumai/workers/cloudflare"
)

// Limiter returns what says whether a key may ask once more, by the rate limit of a binding; nil if there is none. Should
// it fail, all may.
func Limiter(binding string) func(ctx context.Context, key string) bool {
	limiter := workers.GetBinding(binding)
	if !limiter.Truthy() {
		return nil
	}
	return func(ctx context.Context, key string) bool {
		result, err := await(ctx, limiter.Call("limit", map[string]any{"key": key}))
		return err != nil || result.Get("success").Bool()
	}
}

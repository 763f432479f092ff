//go:build js && wasm

package cloudflare

import (
	"context"
	"syscall/js"

	"github.com/focalfit/focalfit/wasm/edge/store"
	workers "github.com/syumai/workers/cloudflare"
)

// Database returns the D1 database of a binding.
func Database(binding string) store.Database { return database{workers.GetBinding(binding)} }

type database struct{ js.Value }

func (d database) Query(ctx context.Context, statement string, args ...any) ([]store.Row, error) {
	result, err := await(ctx, d.Call("prepare", statement).Call("bind", args...).Call("raw"))
	if err != nil {
		return nil, err
	}
	rows := make([]store.Row, result.Length())
	for i := range rows {
		from := result.Index(i)
		row := make(store.Row, from.Length())
		for j := range row {
			switch value := from.Index(j); value.Type() {
			case js.TypeString:
				row[j] = value.String()
			case js.TypeNumber:
				row[j] = value.Float()
			}
		}
		rows[i] = row
	}
	return rows, nil
}

//go:build js && wasm

package cloudflare

import (
	"context"
	"syscall/js"
	"time"

	"github.com/focalfit/focalfit/wasm/edge/store"
	workers "github.com/syumai/workers/cloudflare"
)

// Objects returns the R2 bucket of a binding.
func Objects(binding string) store.Objects { return bucket{workers.GetBinding(binding)} }

type bucket struct{ js.Value }

func (b bucket) Put(ctx context.Context, key string, data []byte) error {
	_, err := await(ctx, b.Call("put", key, arrayOf(data)))
	return err
}

func (b bucket) Get(ctx context.Context, key string) ([]byte, error) {
	object, err := await(ctx, b.Call("get", key))
	if err != nil {
		return nil, err
	}
	if object.IsNull() {
		return nil, store.ErrNotFound
	}
	data, err := await(ctx, object.Call("arrayBuffer"))
	if err != nil {
		return nil, err
	}
	return bytesOf(data), nil
}

// Delete removes a thousand at a time, which is the most that R2 takes.
func (b bucket) Delete(ctx context.Context, keys ...string) error {
	for len(keys) > 0 {
		n := min(len(keys), 1000)
		list := make([]any, n)
		for i, key := range keys[:n] {
			list[i] = key
		}
		if _, err := await(ctx, b.Call("delete", list)); err != nil {
			return err
		}
		keys = keys[n:]
	}
	return nil
}

func (b bucket) List(ctx context.Context, prefix, cursor string) (objects []store.Object, next string, err error) {
	options := map[string]any{"prefix": prefix}
	if cursor != "" {
		options["cursor"] = cursor
	}
	result, err := await(ctx, b.Call("list", options))
	if err != nil {
		return nil, "", err
	}
	list := result.Get("objects")
	for i := range list.Length() {
		o := list.Index(i)
		objects = append(objects, store.Object{Key: o.Get("key").String(), Uploaded: time.UnixMilli(int64(o.Get("uploaded").Call("getTime").Float()))})
	}
	if result.Get("truncated").Bool() {
		next = result.Get("cursor").String()
	}
	return objects, next, nil
}

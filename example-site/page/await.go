//go:build js && wasm

package page

import "syscall/js"

// Failure is the rejection of a promise.
type Failure struct {
	Code    string // of a FocalfitError; otherwise empty
	Message string
	Value   js.Value
}

func (f *Failure) Error() string { return f.Message }

// Await waits for a promise. It must not be called from an event's listener,
// which would keep the event that settles the promise from happening.
func Await(promise js.Value) (js.Value, error) {
	type outcome struct {
		value js.Value
		err   error
	}
	settled := make(chan outcome, 1)
	done := js.FuncOf(func(_ js.Value, args []js.Value) any {
		settled <- outcome{value: first(args)}
		return nil
	})
	failed := js.FuncOf(func(_ js.Value, args []js.Value) any {
		settled <- outcome{err: reason(first(args))}
		return nil
	})
	defer done.Release()
	defer failed.Release()
	promise.Call("then", done, failed)
	o := <-settled
	return o.value, o.err
}

func first(args []js.Value) js.Value {
	if len(args) == 0 {
		return js.Undefined()
	}
	return args[0]
}

func reason(thrown js.Value) *Failure {
	if thrown.Type() != js.TypeObject {
		return &Failure{Message: js.Global().Get("String").Invoke(thrown).String(), Value: thrown}
	}
	f := &Failure{Message: thrown.Get("message").String(), Value: thrown}
	if code := thrown.Get("code"); code.Type() == js.TypeString {
		f.Code = code.String()
	}
	return f
}

// Try returns the value of f, or what it throws as an error.
func Try(f func() js.Value) (value js.Value, err error) {
	defer func() {
		if thrown := recover(); thrown != nil {
			e, ok := thrown.(js.Error)
			if !ok {
				panic(thrown)
			}
			err = reason(e.Value)
		}
	}()
	return f(), nil
}

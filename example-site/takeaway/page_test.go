package takeaway

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"
)

const template = `<title>{{title}}</title><script type="application/json">{{data}}</script>`

// between is what is in s between from and to.
func between(t *testing.T, s, from, to string) string {
	t.Helper()
	_, s, ok := strings.Cut(s, from)
	if !ok {
		t.Fatalf("no %q", from)
	}
	s, _, ok = strings.Cut(s, to)
	if !ok {
		t.Fatalf("no %q", to)
	}
	return s
}

func TestPage(t *testing.T) {
	hostile := `</script><b> & <!-- {{title}} "\` + "\n\u2028"
	model, err := json.Marshal(map[string]any{"classes": []string{"fine", hostile}})
	if err != nil {
		t.Fatal(err)
	}
	// As JSON.stringify does it, which escapes no < of its own.
	plain := strings.NewReplacer(`\u003c`, "<", `\u003e`, ">", `\u0026`, "&").Replace(string(model))
	page, err := Page(template, Prediction{Title: hostile, Model: plain, Example: `[1,null]`, Names: []string{hostile, "b"}})
	if err != nil {
		t.Fatal(err)
	}
	if title := between(t, page, "<title>", "</title>"); strings.Contains(title, "<") || !strings.Contains(title, "&lt;/script>&lt;b> &amp; &lt;!-- {{title}}") {
		t.Errorf("the title is %q", title)
	}
	data := between(t, page, `json">`, "</script>")
	if strings.Contains(data, "<") {
		t.Errorf("the data has a <: %s", data)
	}
	var got struct {
		Title   string
		Model   struct{ Classes []string }
		Example []*float64
		Names   []string
	}
	if err := json.Unmarshal([]byte(data), &got); err != nil {
		t.Fatalf("%v: %s", err, data)
	}
	if got.Title != hostile || !reflect.DeepEqual(got.Names, []string{hostile, "b"}) || !reflect.DeepEqual(got.Model.Classes, []string{"fine", hostile}) {
		t.Errorf("the data is %+v", got)
	}
	if len(got.Example) != 2 || *got.Example[0] != 1 || got.Example[1] != nil {
		t.Errorf("the example is %v", got.Example)
	}
}

func TestPageWithLittle(t *testing.T) {
	page, err := Page(template, Prediction{Title: "A model", Model: "{}"})
	if want := `<title>A model</title><script type="application/json">{"title":"A model","model":{},"example":null,"names":[]}</script>`; err != nil || page != want {
		t.Errorf("the page is %s, %v", page, err)
	}
}

func TestPageErrors(t *testing.T) {
	for _, c := range []struct{ template, model, says string }{
		{"{{title}}", "{}", "{{data}} once"},
		{"{{data}}", "{}", "{{title}} once"},
		{template + "{{data}}", "{}", "{{data}} once"},
		{template, "", "no model"},
	} {
		if page, err := Page(c.template, Prediction{Model: c.model}); err == nil || !strings.Contains(err.Error(), c.says) || page != "" {
			t.Errorf("%q, %q: %q, %v", c.template, c.model, page, err)
		}
	}
}

func TestQuoteIsJSON(t *testing.T) {
	var all strings.Builder
	for r := rune(0); r < 0x3000; r++ {
		all.WriteRune(r)
	}
	for _, s := range []string{"", all.String(), "\ufeff😀"} {
		var got string
		if err := json.Unmarshal([]byte(quote(s)), &got); err != nil || got != s {
			t.Errorf("%v: %q became %q", err, s, got)
		}
	}
	if got := quote("a\xffb"); got != `"a`+"\ufffd"+`b"` {
		t.Errorf("no UTF-8: %s", got)
	}
}

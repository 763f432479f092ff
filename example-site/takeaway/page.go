package takeaway

import (
	"errors"
	"strings"
)

// Prediction is what a page that predicts is made of.
type Prediction struct {
	Title string
	Model string // as JSON.stringify(classifier) writes it

	// Example is the row that the page begins with, as JSON: of a model of a
	// table an object of raw values by column, otherwise an array of numbers.
	// "" for none.
	Example string
	Names   []string // of the columns of a model without a table; nil for none
}

// Page fills the template that the site's build makes of predict-page.html. What
// it gives is one HTML file that needs no other. It is an error if the template
// lacks a place for something, or has two, and if there is no model.
func Page(template string, p Prediction) (string, error) {
	for _, place := range []string{"{{title}}", "{{data}}"} {
		if strings.Count(template, place) != 1 {
			return "", errors.New("The page’s template needs " + place + " once.")
		}
	}
	if p.Model == "" {
		return "", errors.New("There is no model yet to make a page of.")
	}
	names := make([]string, len(p.Names))
	for i, name := range p.Names {
		names[i] = quote(name)
	}
	example := p.Example
	if example == "" {
		example = "null"
	}
	data := `{"title":` + quote(p.Title) + `,"model":` + p.Model + `,"example":` + example + `,"names":[` + strings.Join(names, ",") + `]}`
	return strings.NewReplacer("{{title}}", inText.Replace(p.Title), "{{data}}", inScript.Replace(data)).Replace(template), nil
}

var (
	inText   = strings.NewReplacer("&", "&amp;", "<", "&lt;")
	inScript = strings.NewReplacer("<", `\u003c`) // in JSON it is in strings only
)

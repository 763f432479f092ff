// Command write is takeaway for the site's tests: it reads a Recipe as JSON
// from standard input and writes its code, or, with a template's path as
// argument, a Prediction, and writes its page.
package main

import (
	"encoding/json"
	"fmt"
	"log"
	"os"

	"github.com/focalfit/focalfit/example-site/takeaway"
)

func main() {
	log.SetFlags(0)
	in := json.NewDecoder(os.Stdin)
	in.DisallowUnknownFields()
	if len(os.Args) == 1 {
		var r takeaway.Recipe
		if err := in.Decode(&r); err != nil {
			log.Fatal(err)
		}
		fmt.Print(takeaway.Code(r))
		return
	}
	template, err := os.ReadFile(os.Args[1])
	if err != nil {
		log.Fatal(err)
	}
	var p takeaway.Prediction
	if err := in.Decode(&p); err != nil {
		log.Fatal(err)
	}
	page, err := takeaway.Page(string(template), p)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Print(page)
}

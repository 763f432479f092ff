package takeaway

import (
	"strconv"
	"strings"
)

// What focalfit takes where nothing is said.
const (
	defaultGamma        = 2
	defaultL2           = 1e-4
	defaultTestFraction = 0.25
)

// Code is a JavaScript module that repeats r: it reads or makes the rows, holds
// some out, fits, prints how well the held-out rows are told apart and writes
// model.json. It runs in Node, in a project where focalfit is installed.
func Code(r Recipe) string {
	var c code
	c.head(r.Source)
	c.rows(r)
	c.fit(r)
	c.judge(r)
	return c.String()
}

// code is a module in the making.
type code struct{ strings.Builder }

func (c *code) line(parts ...string) {
	for _, part := range parts {
		c.WriteString(part)
	}
	c.WriteByte('\n')
}

func (c *code) head(s Source) {
	c.line("// In a project of its own: npm install focalfit, then node train.mjs, which is this file.")
	if s.Generator == "" {
		c.line("// In a page: give readTable the File that was picked or dropped, and keep the model in IndexedDB or a download.")
	} else {
		c.line("// In a page: the same, but keep the model in IndexedDB or a download.")
	}
	if s.File != "" {
		c.line(`import { createReadStream } from "node:fs";`)
	}
	c.line(`import { writeFile } from "node:fs/promises";`)
	c.line(`import { FocalClassifier, split } from "focalfit";`)
	if s.Generator == "" {
		c.line(`import { readTable } from "focalfit/table";`)
	}
	c.line()
}

// rows defines X and y.
func (c *code) rows(r Recipe) {
	labels := "y"
	if r.Others != "" {
		labels = "y: labels"
	}
	options := []string{"label: " + quote(r.Label)}
	if r.DropUnlabelled {
		options = append(options, `unlabelled: "drop"`)
	}
	if r.Encoding != "" {
		options = append(options, "encoding: "+quote(r.Encoding))
	}
	if r.Decimal != "" {
		options = append(options, "decimal: "+quote(r.Decimal))
	}
	read := func(source string) {
		c.line("const { X, ", labels, " } = await readTable(", source, ", ", object(options), ");")
	}
	switch {
	case r.Source.Generator != "":
		c.line(strings.TrimSpace(r.Source.Generator))
		c.line()
		seed := ""
		if r.Source.Seed != 0 {
			seed = "{ seed: " + strconv.Itoa(r.Source.Seed) + " }"
		}
		c.line("const { X, ", labels, " } = transactions(", seed, ");")
	case r.Source.URL != "":
		c.line("const response = await fetch(", quote(r.Source.URL), ");")
		c.line("if (!response.ok) throw new Error(`${response.url}: HTTP ${response.status}`);")
		read("response.body")
	default:
		read("createReadStream(" + quote(r.Source.File) + ")")
	}
	if r.Others != "" {
		original := r.Positive
		if !r.NumericLabels {
			original = quote(original)
		}
		c.line("const y = labels.map((label) => (label === ", original, " ? ", quote(r.Positive), " : ", quote(r.Others), "));")
	}
}

// fit defines train, test and classifier.
func (c *code) fit(r Recipe) {
	var options []string
	option := func(name, value string) { options = append(options, name+": "+value) }

	if r.TestFraction != defaultTestFraction {
		option("testFraction", number(r.TestFraction))
	}
	if r.SplitSeed != 0 {
		option("seed", strconv.Itoa(r.SplitSeed))
	}
	splitting := strings.TrimSuffix("X, y, "+object(options), ", ")

	options = nil
	if r.Gamma != defaultGamma {
		option("gamma", number(r.Gamma))
	}
	switch {
	case r.Weight.Balanced:
		option("classWeight", `"balanced"`)
	case r.Weight.Positive != 0:
		option("classWeight", "{ "+property(r.Positive)+": "+number(r.Weight.Positive)+" }")
	}
	if r.L2 != defaultL2 {
		option("l2", number(r.L2))
	}
	if r.Positive != "" {
		option("positiveClass", r.positive())
	}

	c.line()
	c.line("const { train, test } = await split(", splitting, ");")
	c.line("const classifier = new FocalClassifier(", object(options), ");")
	c.line("const { warnings } = await classifier.fit(train.X, train.y);")
	c.line("for (const warning of warnings) console.warn(warning);")
}

// judge sets the threshold, prints the measures and writes the model.
func (c *code) judge(r Recipe) {
	if r.Threshold != nil {
		c.line("classifier.threshold = ", number(*r.Threshold), ";")
	}
	c.line()
	what := "// Of the rows held out"
	if r.Positive == "" {
		what += ", means over the classes"
	}
	c.line(what, ":")
	c.line("const { averagePrecision, recall, precision } = await classifier.evaluate(test.X, test.y);")
	c.line("console.log({ averagePrecision, recall, precision });")
	c.line(`await writeFile("model.json", JSON.stringify(classifier));`)
	c.line("await classifier.dispose();")
}

// positive is the positive class as a literal of the labels' type.
func (r Recipe) positive() string {
	if r.NumericLabels && r.Others == "" {
		return r.Positive
	}
	return quote(r.Positive)
}

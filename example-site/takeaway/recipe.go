// Package takeaway writes what a visitor of the page takes away: the code that
// repeats what was done there, and a page that predicts.
package takeaway

// Recipe is what was done in the page, in the terms of focalfit.
type Recipe struct {
	Source Source

	Label          string // the column of the labels; of generated rows none
	NumericLabels  bool   // whether readTable gives the labels as numbers
	DropUnlabelled bool   // whether rows without a label are left out
	Encoding       string // of the file; "" for UTF-8
	Decimal        string // what is before a fraction; "" for a point

	// Positive is the positive class, as text; "" means all classes against
	// each other, by softmax. With Others, the label that all other classes get,
	// it is one class against the rest, and both are texts; of a source of two
	// classes Others is "".
	Positive, Others string

	Gamma  float64
	Weight Weight
	L2     float64

	TestFraction float64 // the share of the rows that is held out
	SplitSeed    int

	Threshold *float64 // that decisions are by; nil for the model's own
}

// Source is where the rows come from: one of URL, File and Generator is set.
type Source struct {
	URL       string // of a CSV file, absolute
	File      string // the name of a CSV file
	Generator string // the text of the module that exports transactions
	Seed      int    // of the generator; 0 for its own
}

// Weight is that of the classes: none by default.
type Weight struct {
	Balanced bool
	Positive float64 // that of the positive class, the other's being 1; 0 for none
}

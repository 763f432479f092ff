package study

// Source is a table that the page offers.
type Source struct {
	ID       string // of its radio button, and in links
	Path     string // below the page; empty for transactions and files
	Label    string // the column to predict
	Positive string // the class that is looked for at first
	Row      string // what a row is, and several
	Rows     string
	About    string
}

// Sources are the tables that the page brings along.
var Sources = []Source{
	{
		ID: "snow", Path: "data/seattle-snow.csv", Label: "weather", Positive: "snow", Row: "day", Rows: "days",
		About: "Each row is a day, predicted from the readings and the weather of the day before and from the season: a forecast, not a look-up.",
	},
	{
		ID: "cancer", Path: "data/breast-cancer.csv", Label: "diagnosis", Positive: "malignant", Row: "sample", Rows: "samples",
		About: "Each row is a tissue sample with 30 measurements of its cells’ nuclei. Nearly half are of the class to find: an easy table, for comparison.",
	},
	{
		ID: "digits", Path: "data/digits.csv", Label: "digit", Positive: "8", Row: "digit", Rows: "digits",
		About: "Each row is a handwritten digit of 8 × 8 grey pixels. One digit is to be told from the nine others, or every digit from every other.",
	},
	{
		ID: "transactions", Label: "fraud", Positive: "fraud", Row: "payment", Rows: "payments",
		About: "Each row is a payment; one in 588 is a fraud, as in the well-known table of card payments. The rows are made up by a seeded generator, which takes a moment.",
	},
}

// File is the source that the visitor brings.
var File = Source{ID: "file", Row: "row", Rows: "rows"}

// SourceOf returns the source with an id; false if there is none.
func SourceOf(id string) (Source, bool) {
	for _, s := range append(Sources, File) {
		if s.ID == id {
			return s, true
		}
	}
	return Source{}, false
}

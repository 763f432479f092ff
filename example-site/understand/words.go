package understand

import "github.com/focalfit/focalfit/example-site/numbers"

// Words says what a surface does.
func (s Sides) Words() string {
	flagged := s.Rare + s.AllCommon - s.Common
	text := numbers.Whole(s.Rare) + " of " + numbers.Plural(s.AllRare, "rare point", "rare points") + " and " +
		numbers.Whole(s.Common) + " of " + numbers.Whole(s.AllCommon) + " common ones are on their side of the line."
	switch flagged {
	case 0:
		text += " Every point is taken for a common one."
	case s.AllRare + s.AllCommon:
		text += " Every point is taken for a rare one."
	}
	return text
}

// Missing says what is to be painted before there can be a line, or nothing.
func Missing(common, rare int) string {
	switch {
	case common == 0 && rare == 0:
		return "Paint points of both classes, or choose a picture."
	case rare == 0:
		return "Paint points of both classes: there is no rare one yet."
	case common == 0:
		return "Paint points of both classes: there is no common one yet."
	}
	return ""
}

// CurveWords says what a focusing parameter does to a row that is right.
func CurveWords(gamma float64) string {
	loss, pull := At(0.9, gamma)
	text := "A row that is right with p = 0.9 has the loss " + numbers.Significant(loss, 2) + " and the pull " + numbers.Significant(pull, 2)
	if gamma == 0 {
		return text + ": γ = 0 is cross-entropy."
	}
	_, before := At(0.9, 0)
	return text + "; with cross-entropy its pull is " + numbers.Significant(before, 2) + "."
}

package loss

import "strconv"

// Code says what kind of mistake an [Error] reports. The codes are those of
// the JavaScript package.
type Code string

const (
	BadOption     Code = "BAD_OPTION"     // a parameter out of its range
	BadInput      Code = "BAD_INPUT"      // data of a kind that cannot be used
	NotFinite     Code = "NOT_FINITE"     // NaN or an infinity in the data
	ShapeMismatch Code = "SHAPE_MISMATCH" // lengths that do not fit together
	OneClass      Code = "ONE_CLASS"      // labels of fewer than two classes
	OutOfMemory   Code = "OUT_OF_MEMORY"  // more data than can be held
	BadModel      Code = "BAD_MODEL"      // a model document that cannot be read
)

// Error is a mistake in what a caller passed: what it is, where, and what to
// change.
type Error struct {
	Code    Code
	Message string
	Row     int    // the row it is in, from 0; −1 if in none
	Column  int    // the column, from 0; −1 if in none
	Option  string // the parameter; empty if none
}

func (e *Error) Error() string {
	s := e.Message
	if e.Row >= 0 {
		s += " (row " + strconv.Itoa(e.Row)
		if e.Column >= 0 {
			s += ", column " + strconv.Itoa(e.Column)
		}
		s += ")"
	}
	return s
}

// Bad returns an [Error] that is in no row.
func Bad(code Code, message string) *Error {
	return &Error{Code: code, Message: message, Row: -1, Column: -1}
}

// BadAt returns an [Error] in a row and, unless it is −1, a column.
func BadAt(code Code, row, column int, message string) *Error {
	return &Error{Code: code, Message: message, Row: row, Column: column}
}

// BadParameter returns an [Error] about a parameter.
func BadParameter(option, message string) *Error {
	return &Error{Code: BadOption, Message: message, Row: -1, Column: -1, Option: option}
}

package linear

import (
	"math"
	"strconv"

	"github.com/focalfit/focalfit/internal/jsontext"
	"github.com/focalfit/focalfit/loss"
)

// ReadRows reads rows for a model: a JSON array of at most most rows, each an array of Columns numbers or, where the
// model has a Table, each an object of raw values by column. Of a model that fills gaps, a number may be null. It returns
// the rows one after the other, NaN in the gaps. An error that is no [loss.Error] says that text is no JSON.
func (d *Document) ReadRows(text []byte, most int) ([]float64, error) {
	r := jsontext.NewReader(text)
	cells := []float64{}
	if r.Kind() != jsontext.Array {
		r.Fail(loss.Bad(loss.BadInput, "the rows must be an array of rows"))
	}
	raw := false
	r.Array(func(row int) {
		switch kind := r.Kind(); {
		case kind == jsontext.None:
			r.Skip() // no JSON
		case row >= most:
			r.Fail(loss.Bad(loss.ShapeMismatch, "at most "+strconv.Itoa(most)+" rows: send the rest in another request"))
		case kind == jsontext.Object && d.Table != nil && (raw || row == 0):
			raw = true
			cells = d.Table.readRow(cells, r, row)
		case kind == jsontext.Array && !raw:
			cells = d.readCells(cells, r, row)
		case d.Table == nil:
			r.Fail(loss.BadAt(loss.BadInput, row, -1, "a row must be an array of numbers"))
		default:
			r.Fail(loss.BadAt(loss.BadInput, row, -1, "the rows must all be arrays of numbers, or all objects of values by column"))
		}
	})
	return cells, r.End()
}

func (d *Document) readCells(cells []float64, r *jsontext.Reader, row int) []float64 {
	n := 0
	r.Array(func(column int) {
		n++
		switch kind := r.Kind(); {
		case n > d.Columns:
			r.Fail(d.wrongWidth(row))
		case kind == jsontext.Number:
			cells = append(cells, r.Number())
		case kind == jsontext.Null && d.Fill != nil:
			r.Null()
			cells = append(cells, math.NaN())
		case kind == jsontext.None:
			r.Skip() // no JSON
		default:
			r.Fail(loss.BadAt(loss.BadInput, row, column, "a cell is no number: fill it in, or fit with impute"))
		}
	})
	if n < d.Columns {
		r.Fail(d.wrongWidth(row))
	}
	return cells
}

func (d *Document) wrongWidth(row int) error {
	return loss.BadAt(loss.ShapeMismatch, row, -1, "a row must have the "+strconv.Itoa(d.Columns)+" columns of the model, in its order")
}

// UnpackRows reads rows of Columns little-endian floats of size 4 or 8 bytes, at most most. Of a model that fills gaps,
// a number may be NaN or infinite, which is a gap.
func (d *Document) UnpackRows(data []byte, size, most int) ([]float64, error) {
	if row := size * d.Columns; len(data)%row != 0 {
		return nil, loss.Bad(loss.ShapeMismatch, "the bytes are no whole rows of the "+strconv.Itoa(d.Columns)+" columns of the model, "+strconv.Itoa(row)+" bytes each")
	} else if len(data)/row > most {
		return nil, loss.Bad(loss.ShapeMismatch, "at most "+strconv.Itoa(most)+" rows: send the rest in another request")
	}
	cells := make([]float64, len(data)/size)
	for i := range cells {
		bits := uint64(0)
		for j, b := range data[i*size:][:size] {
			bits |= uint64(b) << (8 * j)
		}
		if cells[i] = math.Float64frombits(bits); size == 4 {
			cells[i] = float64(math.Float32frombits(uint32(bits)))
		}
		if v := cells[i]; v-v != 0 {
			if d.Fill == nil {
				return nil, loss.BadAt(loss.NotFinite, i/d.Columns, i%d.Columns, "a cell is not finite: fill it in, or fit with impute")
			}
			cells[i] = math.NaN()
		}
	}
	return cells, nil
}

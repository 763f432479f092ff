package table

import (
	"errors"
	"math"
	"slices"
	"strconv"
	"time"
)

// Weather makes a forecast of a table of days with the columns date,
// precipitation, temp_max, temp_min, wind and weather: the label of a row is
// the weather of its day, its numbers are the readings and the weather of the
// day before, and the season as sine and cosine of the day of the year. A day
// without the one before it is left out, the first in any case.
func Weather(t Text) (Features, error) {
	readings := []string{"precipitation", "temp_max", "temp_min", "wind"}
	find := func(name string) ([]string, error) {
		if j := slices.Index(t.Names, name); j >= 0 {
			return t.Columns[j], nil
		}
		return nil, errors.New("The weather table has no column “" + name + "”.")
	}
	dates, err := find("date")
	if err != nil {
		return Features{}, err
	}
	weather, err := find("weather")
	if err != nil {
		return Features{}, err
	}

	var f Features
	var numbers [][]float64
	for _, name := range readings {
		cells, err := find(name)
		if err != nil {
			return Features{}, err
		}
		column := make([]float64, len(cells))
		for i, cell := range cells {
			v, ok := number(cell)
			if !ok {
				return Features{}, errors.New("“" + cell + "” in row " + strconv.Itoa(i+1) + " of “" + name + "” is not a number.")
			}
			column[i] = v
		}
		numbers = append(numbers, column)
		f.Names = append(f.Names, name+" the day before")
	}
	kinds := slices.Clone(weather)
	slices.Sort(kinds)
	kinds = slices.Compact(kinds)
	for _, kind := range kinds {
		f.Names = append(f.Names, kind+" the day before")
	}
	f.Names = append(f.Names, "season (sine)", "season (cosine)")

	var before time.Time
	for i, date := range dates {
		day, err := time.Parse(time.DateOnly, date)
		if err != nil {
			return Features{}, errors.New("“" + date + "” in row " + strconv.Itoa(i+1) + " is not a date like 2012-01-31.")
		}
		if i > 0 && day.Equal(before.AddDate(0, 0, 1)) {
			for _, column := range numbers {
				f.X = append(f.X, column[i-1])
			}
			for _, kind := range kinds {
				is := 0.0
				if weather[i-1] == kind {
					is = 1
				}
				f.X = append(f.X, is)
			}
			sin, cos := season(day)
			f.X = append(f.X, sin, cos)
			f.Labels = append(f.Labels, weather[i])
		}
		before = day
	}
	return f, nil
}

// season is the point of a day on the circle of its year, which begins at
// angle 0.
func season(day time.Time) (sin, cos float64) {
	days := time.Date(day.Year(), time.December, 31, 0, 0, 0, 0, time.UTC).YearDay()
	return math.Sincos(2 * math.Pi * float64(day.YearDay()-1) / float64(days))
}

package numbers

import (
	"math"
	"testing"
)

func TestTexts(t *testing.T) {
	for _, c := range []struct{ got, want string }{
		{Whole(0), "0"}, {Whole(999), "999"}, {Whole(1000), "1,000"}, {Whole(1234567), "1,234,567"},
		{Fixed(0.125, 2), "0.12"}, {Fixed(math.NaN(), 2), "–"},
		{Significant(0.0123456, 3), "0.0123"}, {Significant(1234.5, 2), "1234"}, {Significant(0.5, 3), "0.5"}, {Significant(1e-15, 2), "1.0e-15"}, {Significant(0, 3), "0"},
		{Duration(0.0312), "31 ms"}, {Duration(2.345), "2.3 s"},
		{Plural(1, "row", "rows"), "1 row"}, {Plural(1000, "row", "rows"), "1,000 rows"}, {Plural(0, "row", "rows"), "0 rows"},
		{Percent(0.5), "50\u00a0%"}, {Percent(0.0123), "1.2\u00a0%"}, {Percent(0.0001), "<\u00a00.1\u00a0%"}, {Percent(0), "0.0\u00a0%"}, {Percent(1), "100\u00a0%"}, {Percent(0.9999), ">\u00a099.9\u00a0%"}, {Percent(0.9876), "98.8\u00a0%"}, {Percent(0.9), "90\u00a0%"},
		{Probability(0), "0"}, {Probability(0.0123456), "0.0123"}, {Probability(0.5), "0.5"}, {Probability(0.73024), "0.73"}, {Probability(0.999661), "0.999661"}, {Probability(0.9996614), "0.999661"}, {Probability(1), "1"},
		{Percent(math.NaN()), "–"},
		{Count(12345), "12,345"}, {Count(41.2e6), "41 million"}, {Count(1.26e9), "1.3 billion"},
		{Signed(-0.25, 2), "−0.25"}, {Signed(0.25, 2), "+0.25"}, {Signed(0, 2), "0"},
	} {
		if c.got != c.want {
			t.Errorf("%q, not %q", c.got, c.want)
		}
	}
}

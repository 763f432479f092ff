package main

import (
	"bytes"
	"math"
	"os"
	"testing"
)

func TestTheDocumentHasThisTable(t *testing.T) {
	var out bytes.Buffer
	write(&out)
	document, err := os.ReadFile("../SCALE.md")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Contains(document, out.Bytes()) {
		t.Errorf("SCALE.md has not:\n%s", out.String())
	}
}

func TestRounds(t *testing.T) {
	k := exact(30)
	// A member alone asks, computes, sends, and is the sum.
	if got := round(1, k, 1); math.Abs(got-(16*statement+compute)) > 0.001 {
		t.Errorf("%v", got)
	}
	// Of many, the database's statements are the time.
	if got := round(10_000, k, patient(10_000)); got < 60 || got > 70 {
		t.Errorf("%v", got)
	}
	// 15 updates of 267 kB are read at a time, 2,000 removed.
	if got := exact(256).end(2100); got != closes+(140+1)+(2+1) {
		t.Errorf("%v", got)
	}
	if !math.IsInf(round(1000, k, 1), 1) {
		t.Error("a thousand that ask every second are answered")
	}
	seconds, shards, levels := tree(1_000_000, k, 1000)
	if shards != 1000 || levels != 2 || seconds > 12 {
		t.Errorf("%v %v %v", seconds, shards, levels)
	}
	if exact(256).length != 33_412 || averaging(4096).length != 4099 {
		t.Errorf("%d %d", exact(256).length, averaging(4096).length)
	}
}

package main

import (
	"fmt"
	"slices"

	"github.com/prometheus/prometheus/model/histogram"
	"github.com/prometheus/prometheus/promql"
)

// notedResult is a series of a result, or one that a line of the notation describes.
type notedResult struct {
	Labels map[string]string `json:"labels"`
	Points []point           `json:"points"`
}

// point is a float or a native histogram. In a line of the notation it has no time: nil stands for a value left out.
type point struct {
	T         int64           `json:"t"`
	Omitted   bool            `json:"omitted,omitempty"`
	Value     *number         `json:"value,omitempty"`
	Histogram *histogramParts `json:"histogram,omitempty"`
}

// histogramParts are what makes a native histogram, with its buckets by number. HintGiven: a notation named the hint.
type histogramParts struct {
	Schema        int32       `json:"schema"`
	Count         number      `json:"count"`
	Sum           number      `json:"sum"`
	ZeroThreshold number      `json:"zeroThreshold"`
	ZeroCount     number      `json:"zeroCount"`
	Positive      [][2]number `json:"positive"`
	Negative      [][2]number `json:"negative"`
	CustomValues  []number    `json:"customValues"`
	Hint          byte        `json:"hint"`
	HintGiven     bool        `json:"hintGiven,omitempty"`
	Text          string      `json:"text"`
}

func pointsOf(series promql.Series) []point {
	points := make([]point, 0, len(series.Floats)+len(series.Histograms))
	for _, p := range series.Floats {
		points = append(points, pointOf(p.T, p.F, nil))
	}
	for _, p := range series.Histograms {
		points = append(points, pointOf(p.T, 0, p.H))
	}
	slices.SortFunc(points, func(a, b point) int { return int(a.T - b.T) })
	return points
}

func pointOf(t int64, f float64, h *histogram.FloatHistogram) point {
	if h != nil {
		return point{T: t, Histogram: bucketsOf(h)}
	}
	value := number(f)
	return point{T: t, Value: &value}
}

func bucketsOf(h *histogram.FloatHistogram) *histogramParts {
	h = h.Copy().Compact(0)
	parts := &histogramParts{
		Schema: h.Schema, Count: number(h.Count), Sum: number(h.Sum), ZeroThreshold: number(h.ZeroThreshold),
		ZeroCount: number(h.ZeroCount), Hint: byte(h.CounterResetHint), Text: h.TestExpression(),
		Positive: numbered(h.PositiveSpans, h.PositiveBuckets), Negative: numbered(h.NegativeSpans, h.NegativeBuckets),
		CustomValues: []number{},
	}
	for _, bound := range h.CustomValues {
		parts.CustomValues = append(parts.CustomValues, number(bound))
	}
	return parts
}

// numbered writes the number of each bucket beside its count.
func numbered(spans []histogram.Span, counts []float64) [][2]number {
	buckets := [][2]number{}
	index := int32(0)
	for _, span := range spans {
		index += span.Offset
		for range span.Length {
			buckets = append(buckets, [2]number{number(index), number(counts[len(buckets)])})
			index++
		}
	}
	return buckets
}

// readNotation reads lines of the notation: what a test expects is written so, too.
func readNotation(lines []string) ([]notedResult, error) {
	read := make([]notedResult, 0, len(lines))
	for _, line := range lines {
		lset, values, err := promQL.ParseSeriesDesc(line)
		if err != nil {
			return nil, fmt.Errorf("%q: %w", line, notationError(err))
		}
		points := make([]point, len(values))
		for i, v := range values {
			if v.Omitted {
				points[i] = point{Omitted: true}
				continue
			}
			points[i] = pointOf(0, v.Value, v.Histogram)
			if v.Histogram != nil {
				points[i].Histogram.HintGiven = v.CounterResetHintSet
			}
		}
		read = append(read, notedResult{lset.Map(), points})
	}
	return read, nil
}

package main

import (
	"math"
	"slices"

	"github.com/prometheus/prometheus/promql"
	"github.com/prometheus/prometheus/promql/parser"
	"github.com/prometheus/prometheus/util/annotations"
)

// PromQL takes dates apart after turning seconds into a whole number. What comes of NaN, infinity and anything too large
// then depends on the processor: x86 gives the smallest number for all of them, WebAssembly 0, the smallest or the
// largest. Here it is as on a server, most of which are x86.
func init() {
	for _, name := range []string{"minute", "hour", "day_of_week", "day_of_month", "day_of_year", "days_in_month", "month", "year"} {
		promql.FunctionCalls[name] = ofWholeSeconds(promql.FunctionCalls[name])
	}
}

func ofWholeSeconds(call promql.FunctionCall) promql.FunctionCall {
	return func(vectors []promql.Vector, matrix promql.Matrix, args parser.Expressions, enh *promql.EvalNodeHelper) (promql.Vector, annotations.Annotations) {
		if len(vectors) > 0 && slices.ContainsFunc(vectors[0], func(s promql.Sample) bool { return !fitsInt64(s.F) }) {
			vectors = slices.Clone(vectors)
			vectors[0] = slices.Clone(vectors[0])
			for i := range vectors[0] {
				if !fitsInt64(vectors[0][i].F) {
					vectors[0][i].F = math.MinInt64
				}
			}
		}
		return call(vectors, matrix, args, enh)
	}
}

func fitsInt64(f float64) bool { return f >= math.MinInt64 && f < math.MaxInt64 }

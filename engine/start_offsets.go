package main

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/prometheus/prometheus/model/labels"
)

// `metric@st -1m -1mx3` gives the start timestamps of the series on the next line. Nothing that promtool evaluates by
// default looks at them, so that they are only checked, as promql/promqltest/test.go does.

type startOffsets struct {
	at     int
	labels labels.Labels
	count  uint64
}

func isStartOffsets(line string) bool {
	end := strings.IndexAny(line, " \t")
	return end >= 0 && strings.HasSuffix(line[:end], "@st")
}

// startOffset is one item: nothing (_) or an offset, and how often; or an offset that grows, and how often.
var startOffset = func() *regexp.Regexp {
	const duration = `[+-]?(?:\d+(?:ms|[smhdwy])|0)`
	return regexp.MustCompile(`^(?:(?:_|` + duration + `)(?:x(\d+))?|` + duration + `[+-]` + duration + `x(\d+))$`)
}()

func parseStartOffsets(line string) (*startOffsets, error) {
	metric, items, _ := strings.Cut(strings.Replace(line, "\t", " ", 1), " ")
	metric = strings.TrimSuffix(metric, "@st")
	lset, _, err := promQL.ParseSeriesDesc(metric + " _")
	if err != nil {
		return nil, fmt.Errorf("invalid @st line metric %q: %w", metric, notationError(err))
	}
	found := &startOffsets{labels: lset}
	for _, item := range strings.Fields(items) {
		parts := startOffset.FindStringSubmatch(item)
		if parts == nil {
			return nil, fmt.Errorf("invalid item %q in an @st line", item)
		}
		times := uint64(0)
		if repeated := parts[1] + parts[2]; repeated != "" {
			if times, err = strconv.ParseUint(repeated, 10, 64); err != nil || item == "_x0" {
				return nil, fmt.Errorf("invalid repetition %q in an @st line", item)
			}
		}
		// As with values, `_x3` stands for three, anything else for one more.
		if !strings.HasPrefix(item, "_x") {
			times++
		}
		found.count += times
	}
	return found, nil
}

func (s *startOffsets) check(line notedLine) error {
	if !labels.Equal(s.labels, line.labels) {
		return errors.New("@st metric does not match the following sample line metric")
	}
	if s.count != uint64(len(line.values)) {
		return fmt.Errorf("@st line has %d values but sample line has %d", s.count, len(line.values))
	}
	return nil
}

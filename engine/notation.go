package main

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql/parser"
)

// Prometheus' notation of series (`1+1x10 _ stale`), into the store, as promtool's loader takes it
// (promql/promqltest/test.go): all series of a test become one text that is read line by line.

// notedFault is a series that cannot be read, or that the real store would refuse. `at` is its number.
type notedFault struct {
	at  int
	err error
}

// noted is what a reader of the notation found besides samples.
type noted struct {
	// unread are the numbers of the series that promtool passes over without a word: those behind a line that is empty
	// or begins with #, as a block of YAML makes them. replaced are those that a later one of the same labels replaces.
	unread, replaced []int
}

// notedTimes: the first values stand at startMs, the next ones intervalMs later. Ticks are evaluationIntervalMs apart, and
// lastMs is the last one.
type notedTimes struct{ startMs, intervalMs, evaluationIntervalMs, lastMs int64 }

// visible is how many values of a series can be seen.
func (t notedTimes) visible() int64 { return (t.lastMs-t.startMs)/t.intervalMs + 1 }

// tick is the first one that sees a sample.
func (t notedTimes) tick(timestampMs int64) int64 {
	sinceTick := (timestampMs - t.startMs) % t.evaluationIntervalMs
	if sinceTick == 0 {
		return timestampMs
	}
	return timestampMs - sinceTick + t.evaluationIntervalMs
}

// loadNotation writes into the store what can be seen.
func loadNotation(to *store, series []notedSeries, times notedTimes) (found noted, fault *notedFault) {
	visible := times.visible()
	lines, unread := notedLines(series)
	found.unread = unread
	parsed := make([]notedLine, 0, len(lines))
	byHash := map[uint64]int{}
	var offsets *startOffsets
	for _, line := range lines {
		if isStartOffsets(line.text) {
			if offsets != nil {
				return found, &notedFault{offsets.at, errors.New("@st line has no following sample line")}
			}
			read, err := parseStartOffsets(line.text)
			if err != nil {
				return found, &notedFault{line.at, err}
			}
			offsets = read
			offsets.at = line.at
			continue
		}
		text := line.text
		if offsets == nil {
			text = clampRepetitions(text, visible)
		}
		var err error
		if line.labels, line.values, err = promQL.ParseSeriesDesc(text); err != nil {
			return found, &notedFault{line.at, notationError(err)}
		}
		if offsets != nil {
			if err := offsets.check(line); err != nil {
				return found, &notedFault{offsets.at, err}
			}
			offsets = nil
		}
		hash := line.labels.Hash()
		if earlier, twice := byHash[hash]; twice {
			found.replaced = append(found.replaced, parsed[earlier].at)
			parsed[earlier] = line
			continue
		}
		byHash[hash] = len(parsed)
		parsed = append(parsed, line)
	}
	if offsets != nil {
		return found, &notedFault{offsets.at, errors.New("@st line has no following sample line")}
	}
	for _, line := range parsed {
		if err := loadValues(to, line, times); err != nil {
			return found, &notedFault{line.at, err}
		}
	}
	return found, nil
}

// notedLine is a line of the text; `at` is the number of the series that it comes from.
type notedLine struct {
	at     int
	text   string
	labels labels.Labels
	values []parser.SequenceValue
}

// notedLines splits as promtool does. An empty line ends the text: what follows is not read.
func notedLines(series []notedSeries) (lines []notedLine, unread []int) {
	ended := false
	for i, one := range series {
		if ended {
			unread = append(unread, i)
			continue
		}
		for _, text := range strings.Split("  "+one.Series+" "+one.Values, "\n") {
			if text = strings.TrimSpace(text); text == "" || strings.HasPrefix(text, "#") {
				ended = true
				break
			}
			lines = append(lines, notedLine{at: i, text: text})
		}
	}
	return lines, unread
}

func notationError(err error) error {
	var syntax parser.ParseErrors
	if errors.As(err, &syntax) && len(syntax) > 0 {
		at := int(syntax[0].PositionRange.Start)
		return fmt.Errorf("%w, at character %d of %q", syntax[0].Err, at+1, shortened(syntax[0].Query))
	}
	return err
}

const longestQuote = 120

func shortened(text string) string {
	if len(text) <= longestQuote {
		return text
	}
	return strings.ToValidUTF8(text[:longestQuote], "") + "…"
}

// clampRepetitions keeps a count that asks for more values than can be seen from being written out in memory:
// `0x10000000` in a test of 50 minutes is `0x51`. What is no plain count is left for the parser to refuse.
func clampRepetitions(line string, visible int64) string {
	from := endOfMetric(line)
	clamped := strings.Builder{}
	copied := 0
	for at := from; at < len(line); at++ {
		if line[at] != 'x' {
			continue
		}
		end := at + 1
		for end < len(line) && line[end] >= '0' && line[end] <= '9' {
			end++
		}
		plain := end == len(line) || line[end] == ' ' || line[end] == '\t'
		count, err := strconv.ParseUint(line[at+1:end], 10, 64)
		if plain && count > uint64(visible) && (err == nil || errors.Is(err, strconv.ErrRange)) {
			clamped.WriteString(line[copied : at+1])
			clamped.WriteString(strconv.FormatInt(visible, 10))
			copied = end
		}
		at = end - 1
	}
	if copied == 0 {
		return line
	}
	return clamped.String() + line[copied:]
}

// endOfMetric finds where the values begin: after the braces, which may hold anything in quotes, or after the name.
func endOfMetric(line string) int {
	brace := strings.IndexAny(line, "{ \t")
	if brace < 0 || line[brace] != '{' {
		return max(brace, 0)
	}
	quote := byte(0)
	for at := brace; at < len(line); at++ {
		switch c := line[at]; {
		case quote != 0 && c == '\\' && quote != '`':
			at++
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '"' || c == '\'' || c == '`':
			quote = c
		case c == '}':
			return at
		}
	}
	return len(line)
}

// loadValues appends what is visible, under the conditions of the real store.
func loadValues(to *store, line notedLine, times notedTimes) error {
	values := line.values[:min(int64(len(line.values)), times.visible())]
	var target *series
	for i, v := range values {
		if v.Omitted {
			continue
		}
		timestamp := times.startMs + int64(i)*times.intervalMs
		if target == nil {
			lset := line.labels.WithoutEmpty()
			if lset.IsEmpty() {
				return errors.New("the series has no labels, not even a name")
			}
			if name, twice := lset.HasDuplicateLabelNames(); twice {
				return fmt.Errorf("label %q stands twice in the series", name)
			}
			target = to.series(lset, fromInput, times.tick(timestamp))
			target.number = len(to.all.list)
		}
		h := v.Histogram
		if h != nil {
			if err := h.Validate(); err != nil {
				return err
			}
		}
		// Only a series that is given twice, once with an empty label, can meet other samples here.
		if err := to.append(target, everything, timestamp, v.Value, h); err != nil {
			return err
		}
	}
	return nil
}

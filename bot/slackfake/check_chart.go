package slackfake

import (
	"fmt"
	"slices"
)

// The limits of charts and tables, from docs.slack.dev/reference/block-kit/blocks/data-visualization-block, …/table-block and
// …/data-table-block.
const (
	maxChartTitle = 50
	maxSegments   = 6
	maxSeries     = 6
	maxPoints     = 20
	maxChartLabel = 20
	maxAxisTitle  = 50
	maxDataRows   = 101 // the first is the header
	maxPageSize   = 100
	maxCaption    = 255
	maxCellText   = 2_000
)

func chartBlocks() map[string]shape {
	messages := []screen{onMessage}
	return map[string]shape{
		"data_visualization": {
			fields:   fieldRules{"title": read(1, maxChartTitle), "chart": chart},
			required: words("title chart"), on: messages,
		},
		"table": {
			fields: fieldRules{
				"rows": list(1, maxTableRows, list(1, maxTableColumns, cell)), "column_settings": list(0, maxTableColumns, anything),
			},
			required: words("rows"), on: messages, also: sameWidth,
		},
		"data_table": {
			fields: fieldRules{
				"caption": read(1, maxCaption), "rows": list(1, maxDataRows, list(1, maxTableColumns, cell)),
				"page_size": integer(1, maxPageSize), "row_header_column_index": integer(0, maxTableColumns-1),
			},
			required: words("caption rows"), on: messages, also: sameWidth,
		},
	}
}

// chart is a pie or a chart with axes.
func chart(k *checker, path string, value any) {
	obj, ok := value.(map[string]any)
	if !ok {
		k.add(path, "must provide an object")
		return
	}
	switch kind := asString(obj["type"]); kind {
	case "pie":
		segment := object(shape{fields: fieldRules{"label": read(1, maxChartLabel), "value": above(0)}, required: words("label value")})
		k.object(path, obj, shape{fields: fieldRules{"segments": list(1, maxSegments, segment)}, required: words("segments")})
	case "bar", "line", "area":
		k.object(path, obj, axesShape())
	default:
		k.add(path+"/type", "must be a valid enum value: pie, bar, area, line")
	}
}

// axesShape is a chart of one or more series over the same categories.
func axesShape() shape {
	point := object(shape{
		fields: fieldRules{"label": read(1, maxChartLabel), "value": figure}, required: words("label value"),
	})
	series := object(shape{
		fields: fieldRules{"name": read(1, maxChartLabel), "data": list(1, maxPoints, point)}, required: words("name data"),
	})
	axes := object(shape{
		fields: fieldRules{
			"categories": list(1, maxPoints, read(1, maxChartLabel)), "x_label": read(0, maxAxisTitle), "y_label": read(0, maxAxisTitle),
		},
		required: words("categories"),
	})
	return shape{
		fields:   fieldRules{"series": list(1, maxSeries, series), "axis_config": axes},
		required: words("series axis_config"),
		also:     sameLabels,
	}
}

// sameLabels says that the series have different names, and points for exactly the categories.
func sameLabels(k *checker, path string, obj map[string]any) {
	axes, _ := obj["axis_config"].(map[string]any)
	categories := labels(axes["categories"], "")
	series, _ := obj["series"].([]any)
	names := map[string]bool{}
	for i, item := range series {
		one, _ := item.(map[string]any)
		name := asString(one["name"])
		if names[name] {
			k.add(fmt.Sprintf("%s/series/%d/name", path, i), "must be unique")
		}
		names[name] = true
		got := labels(one["data"], "label")
		if !slices.Equal(slices.Sorted(slices.Values(got)), slices.Sorted(slices.Values(categories))) {
			k.add(fmt.Sprintf("%s/series/%d/data", path, i), "labels must be the categories of axis_config")
		}
	}
}

// labels are the strings of a list, or the strings under a name in its objects.
func labels(value any, name string) []string {
	items, _ := value.([]any)
	var found []string
	for _, item := range items {
		if obj, ok := item.(map[string]any); ok {
			item = obj[name]
		}
		found = append(found, asString(item))
	}
	return found
}

// cell is a table's cell; its words count.
func cell(k *checker, path string, value any) {
	obj, ok := value.(map[string]any)
	if !ok {
		k.add(path, "must provide an object")
		return
	}
	switch kind := asString(obj["type"]); kind {
	case "raw_text":
		k.object(path, obj, shape{fields: fieldRules{"text": read(0, maxCellText)}, required: words("text")})
	case "raw_number":
		k.object(path, obj, shape{fields: fieldRules{"value": figure, "text": read(0, maxCellText)}, required: words("value")})
	case "rich_text":
		k.object(path, obj, shape{fields: fieldRules{"elements": list(0, maxRichText, richTextElement), "block_id": chars(0, maxID)}, required: words("elements")})
	case "action":
		k.object(path, obj, shape{fields: fieldRules{"element": elementIn("actions"), "fallback": cell}, required: words("element")})
	default:
		k.add(path+"/type", "unsupported type: %s", kind)
	}
}

// sameWidth says that every row has as many cells as the first.
func sameWidth(k *checker, path string, b map[string]any) {
	rows, _ := b["rows"].([]any)
	width := -1
	for i, item := range rows {
		row, _ := item.([]any)
		if width < 0 {
			width = len(row)
		}
		if len(row) != width {
			k.add(fmt.Sprintf("%s/rows/%d", path, i), "must have %d cells as the first row, has %d", width, len(row))
		}
	}
}

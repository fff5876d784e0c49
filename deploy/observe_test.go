package deploy

import (
	"encoding/json"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// dashboard is the part of Grafana's model that is checked.
type dashboard struct {
	Title  string  `json:"title"`
	Panels []panel `json:"panels"`
}

type panel struct {
	ID          int    `json:"id"`
	Type        string `json:"type"`
	Title       string `json:"title"`
	Description string `json:"description"`
	Grid        struct {
		X int `json:"x"`
		Y int `json:"y"`
		W int `json:"w"`
		H int `json:"h"`
	} `json:"gridPos"`
	Targets []struct {
		Expr       string `json:"expr"`
		Datasource struct {
			UID string `json:"uid"`
		} `json:"datasource"`
	} `json:"targets"`
}

// alertFile is a file of Prometheus's rules, decoded strictly.
type alertFile struct {
	Groups []struct {
		Name  string `yaml:"name"`
		Rules []struct {
			Alert       string            `yaml:"alert"`
			Expr        string            `yaml:"expr"`
			For         string            `yaml:"for"`
			Labels      map[string]string `yaml:"labels"`
			Annotations map[string]string `yaml:"annotations"`
		} `yaml:"rules"`
	} `yaml:"groups"`
}

func read(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func readDashboard(t *testing.T) dashboard {
	t.Helper()
	var d dashboard
	if err := json.Unmarshal([]byte(read(t, "grafana/rapport.json")), &d); err != nil {
		t.Fatal(err)
	}
	return d
}

func readAlerts(t *testing.T) alertFile {
	t.Helper()
	decoder := yaml.NewDecoder(strings.NewReader(read(t, "alerts/rapport.yaml")))
	decoder.KnownFields(true)
	var f alertFile
	if err := decoder.Decode(&f); err != nil {
		t.Fatal(err)
	}
	return f
}

// metrics maps the names that expressions may use to the labels that they have, from the table that people read. A histogram has three names.
func metrics(t *testing.T) map[string][]string {
	t.Helper()
	found := map[string][]string{}
	row := regexp.MustCompile("(?m)^\\| `(rapport_[a-z_]+)` \\| ([a-z]+)[^|]*\\| ([^|]*)\\|")
	for _, m := range row.FindAllStringSubmatch(read(t, "../docs/operating.md"), -1) {
		var labels []string
		for _, label := range regexp.MustCompile("`([a-z_]+)`").FindAllStringSubmatch(m[3], -1) {
			labels = append(labels, label[1])
		}
		if m[2] == "histogram" {
			found[m[1]+"_bucket"] = append(labels, "le")
			found[m[1]+"_sum"], found[m[1]+"_count"] = labels, labels
		} else {
			found[m[1]] = labels
		}
	}
	if len(found) < 10 {
		t.Fatalf("docs/operating.md documents only %v", found)
	}
	return found
}

// expressions are all that dashboard and alerts ask Prometheus, by where they stand.
func expressions(t *testing.T) map[string]string {
	t.Helper()
	all := map[string]string{}
	for _, p := range readDashboard(t).Panels {
		for i, target := range p.Targets {
			all["panel "+p.Title+" "+string(rune('A'+i))] = target.Expr
		}
	}
	for _, g := range readAlerts(t).Groups {
		for _, r := range g.Rules {
			all["alert "+r.Alert] = r.Expr
		}
	}
	return all
}

func TestMetricsAreDocumented(t *testing.T) {
	known := metrics(t)
	used := map[string]bool{}
	for where, expression := range expressions(t) {
		for _, name := range regexp.MustCompile(`rapport_[a-z_]+`).FindAllString(expression, -1) {
			if _, ok := known[name]; !ok {
				t.Errorf("%s uses %s, which docs/operating.md does not document", where, name)
			}
			used[strings.TrimSuffix(name, "_bucket")] = true
		}
	}
	for name := range known {
		base := strings.TrimSuffix(strings.TrimSuffix(strings.TrimSuffix(name, "_bucket"), "_sum"), "_count")
		if !used[base] {
			t.Errorf("%s is documented, and neither the dashboard nor an alert shows it", base)
		}
	}
}

// TestLabelsAreDocumented: a label by which is summed or chosen is one of the metric's own, or one that Prometheus adds.
func TestLabelsAreDocumented(t *testing.T) {
	known := metrics(t)
	clause := regexp.MustCompile(`(?:by|on) \(([a-z_, ]+)\)|([a-z_]+)[!=]=?~?"`)
	for where, expression := range expressions(t) {
		allowed := []string{"job", "instance"}
		for _, name := range regexp.MustCompile(`rapport_[a-z_]+`).FindAllString(expression, -1) {
			allowed = append(allowed, known[name]...)
		}
		for _, m := range clause.FindAllStringSubmatch(expression, -1) {
			for label := range strings.SplitSeq(m[1]+m[2], ", ") {
				if !slices.Contains(allowed, label) {
					t.Errorf("%s uses the label %q, which its metrics do not have", where, label)
				}
			}
		}
	}
}

func TestAlertsLeadToTheirSection(t *testing.T) {
	anchors := map[string]bool{}
	for _, m := range regexp.MustCompile(`(?m)^#+ (.+)$`).FindAllStringSubmatch(read(t, "../docs/operating.md"), -1) {
		anchor := strings.ReplaceAll(strings.ToLower(m[1]), " ", "-")
		anchors[regexp.MustCompile(`[^a-z0-9_-]`).ReplaceAllString(anchor, "")] = true
	}
	for _, g := range readAlerts(t).Groups {
		for _, r := range g.Rules {
			anchor, ok := strings.CutPrefix(r.Annotations["runbook"], "docs/operating.md#")
			if !ok || !anchors[anchor] {
				t.Errorf("%s: its runbook %q is no section", r.Alert, r.Annotations["runbook"])
			}
			if !slices.Contains([]string{"critical", "warning", "info"}, r.Labels["severity"]) || r.For == "" {
				t.Errorf("%s: severity %q, for %q", r.Alert, r.Labels["severity"], r.For)
			}
			for _, name := range []string{"summary", "description"} {
				if text := r.Annotations[name]; text == "" || !strings.HasSuffix(text, ".") {
					t.Errorf("%s: its %s is %q", r.Alert, name, text)
				}
			}
		}
	}
}

func TestDashboardCanBeRead(t *testing.T) {
	ids := map[int]string{}
	taken := map[[2]int]string{}
	for _, p := range readDashboard(t).Panels {
		if other, twice := ids[p.ID]; twice {
			t.Errorf("%q and %q have the same id", p.Title, other)
		}
		ids[p.ID] = p.Title
		if p.Type != "row" && (p.Description == "" || len(p.Targets) == 0) {
			t.Errorf("%q has no description, or asks nothing", p.Title)
		}
		for _, target := range p.Targets {
			if target.Datasource.UID != "${datasource}" {
				t.Errorf("%q asks the data source %q", p.Title, target.Datasource.UID)
			}
		}
		for x := range p.Grid.W {
			for y := range p.Grid.H {
				at := [2]int{p.Grid.X + x, p.Grid.Y + y}
				if at[0] >= 24 || taken[at] != "" {
					t.Fatalf("%q lies outside, or over %q", p.Title, taken[at])
				}
				taken[at] = p.Title
			}
		}
	}
}

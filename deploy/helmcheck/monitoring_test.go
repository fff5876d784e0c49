package helmcheck

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/yaml"
)

func schemaConfigNames(t *testing.T) []string {
	t.Helper()
	var schema struct {
		Properties struct {
			Config struct {
				PropertyNames struct {
					Enum []string `json:"enum"`
				} `json:"propertyNames"`
			} `json:"config"`
		} `json:"properties"`
	}
	if err := json.Unmarshal([]byte(readFile(t, chartDir+"/values.schema.json")), &schema); err != nil {
		t.Fatal(err)
	}
	return schema.Properties.Config.PropertyNames.Enum
}

// TestMonitoringIsTheFiles: the chart carries the alerts and the dashboard as they stand in their files.
func TestMonitoringIsTheFiles(t *testing.T) {
	r := render(t, "everything")
	rule := custom(t, r, "PrometheusRule")
	want := map[string]any{}
	if err := yaml.Unmarshal([]byte(readFile(t, alertsFile)), &want); err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(rule["spec"], any(want)) {
		t.Errorf("the rules of the chart are not those of %s", alertsFile)
	}
	var found bool
	for _, c := range all[*corev1.ConfigMap](r) {
		if c.Labels["grafana_dashboard"] == "1" {
			found = true
			if c.Data["rapport.json"]+"\n" != readFile(t, dashboardFile) && c.Data["rapport.json"] != readFile(t, dashboardFile) {
				t.Errorf("the dashboard of the chart is not %s", dashboardFile)
			}
		}
	}
	if !found {
		t.Error("the chart makes no dashboard")
	}
}

// TestDashboardAsksInPromQL: what each panel asks can be read by Prometheus, once Grafana has put in its variables.
func TestDashboardAsksInPromQL(t *testing.T) {
	var d struct {
		Panels []struct {
			Title   string `json:"title"`
			Targets []struct {
				Expr string `json:"expr"`
			} `json:"targets"`
		} `json:"panels"`
	}
	if err := json.Unmarshal([]byte(readFile(t, dashboardFile)), &d); err != nil {
		t.Fatal(err)
	}
	asked := 0
	fill := strings.NewReplacer("$job", ".*", "$__rate_interval", "5m")
	for _, p := range d.Panels {
		for _, target := range p.Targets {
			asked++
			if _, err := newParser().ParseExpr(fill.Replace(target.Expr)); err != nil {
				t.Errorf("%s: %v", p.Title, err)
			}
		}
	}
	if asked < 20 {
		t.Errorf("the dashboard asks only %d things", asked)
	}
}

func TestServiceMonitorFindsTheService(t *testing.T) {
	r := render(t, "everything")
	spec := custom(t, r, "ServiceMonitor")["spec"].(map[string]any)
	wanted := map[string]string{}
	for name, v := range spec["selector"].(map[string]any)["matchLabels"].(map[string]any) {
		wanted[name] = v.(string)
	}
	service := only[*corev1.Service](t, r)
	pod := corev1.PodTemplateSpec{ObjectMeta: metav1.ObjectMeta{Labels: service.Labels}}
	matches(t, "service monitor", &metav1.LabelSelector{MatchLabels: wanted}, pod)
	endpoint := spec["endpoints"].([]any)[0].(map[string]any)
	if endpoint["port"] != service.Spec.Ports[0].Name || endpoint["path"] != "/metrics" || endpoint["interval"] != "15s" {
		t.Errorf("it asks %v", endpoint)
	}
	for _, sample := range []string{"existing", "embedded"} {
		for _, object := range render(t, sample).objects {
			if kind := object.GetObjectKind().GroupVersionKind().Kind; kind == "ServiceMonitor" || kind == "PrometheusRule" || kind == "ConfigMap" {
				t.Errorf("%s makes a %s, which not every cluster knows", sample, kind)
			}
		}
	}
}

package helmcheck

import (
	"maps"
	"strings"
	"testing"

	"helm.sh/helm/v3/pkg/chartutil"
	"helm.sh/helm/v3/pkg/lint"
	"helm.sh/helm/v3/pkg/lint/support"
	"k8s.io/apimachinery/pkg/api/meta"
)

func TestLint(t *testing.T) {
	for _, sample := range append([]string{""}, samples...) {
		t.Run("values "+sample, func(t *testing.T) {
			values := map[string]any{}
			if sample != "" {
				values = readValues(t, sample)
			}
			linter := lint.AllWithKubeVersion(chartDir, values, "people", &chartutil.DefaultCapabilities.KubeVersion)
			for _, message := range linter.Messages {
				// An icon is the one thing that Helm would like and that the project does not have.
				if message.Severity > support.InfoSev || !strings.Contains(message.Err.Error(), "icon is recommended") {
					t.Error(message)
				}
			}
		})
	}
}

// TestRefused says what a person reads who gave values that cannot work: before anything is installed.
func TestRefused(t *testing.T) {
	given := map[string]any{"slackBotToken": "xoxb-1", "slackAppToken": "xapp-1", "rapportKey": strings.Repeat("5a", 32), "redisURL": "redis://redis:6379"}
	with := func(change map[string]any) map[string]any {
		secret := maps.Clone(given)
		maps.Copy(secret, change)
		return map[string]any{"secret": secret}
	}
	existing := map[string]any{"existing": "rapport-secrets"}
	for _, row := range []struct {
		name   string
		values map[string]any
		want   string
	}{
		{"nothing", nil, "no SLACK_BOT_TOKEN: make a Secret with the keys SLACK_BOT_TOKEN, SLACK_APP_TOKEN, RAPPORT_KEY, REDIS_URL"},
		{"no key", with(map[string]any{"rapportKey": ""}), "no RAPPORT_KEY"},
		{"no Redis", with(map[string]any{"redisURL": ""}), "no REDIS_URL"},
		{"a Secret and values", with(existing), "secret.existing is set, and values beside it"},
		{"Redis for the embedded store", map[string]any{"secret": given, "store": map[string]any{"kind": "embedded"}}, "secret.redisURL is set, and store.kind is embedded"},
		{"two pods on one folder", map[string]any{"secret": existing, "replicas": 2, "store": map[string]any{"kind": "embedded"}}, "the embedded store belongs to one process"},
		{"more than Slack permits", map[string]any{"secret": existing, "replicas": 5}, "replicas"},
		{"no pod", map[string]any{"secret": existing, "replicas": 0}, "replicas"},
		{"a user's token", with(map[string]any{"slackBotToken": "xoxp-1"}), "slackBotToken"},
		{"a short key", with(map[string]any{"rapportKey": "secret"}), "rapportKey"},
		{"another database", with(map[string]any{"redisURL": "postgres://db"}), "redisURL"},
		{"a secret as a plain variable", map[string]any{"secret": existing, "config": map[string]any{"SLACK_BOT_TOKEN": "xoxb-1"}}, "SLACK_BOT_TOKEN"},
		{"a misspelt value", map[string]any{"secret": existing, "replica": 2}, "replica"},
		{"a misspelt variable", map[string]any{"secret": existing, "config": map[string]any{"RAPPORT_ZON": "UTC"}}, "RAPPORT_ZON"},
	} {
		t.Run(row.name, func(t *testing.T) {
			_, _, err := template(row.values)
			if err == nil {
				t.Fatal("it was rendered")
			}
			if !strings.Contains(err.Error(), row.want) {
				t.Errorf("it says %q, which lacks %q", err, row.want)
			}
		})
	}
}

func TestNamesAndLabels(t *testing.T) {
	for _, sample := range samples {
		t.Run(sample, func(t *testing.T) {
			seen := map[string]bool{}
			for _, object := range render(t, sample).objects {
				kind := object.GetObjectKind().GroupVersionKind().Kind
				m, err := meta.Accessor(object)
				if err != nil {
					t.Fatal(err)
				}
				if seen[kind+"/"+m.GetName()] {
					t.Errorf("there are two of %s %s", kind, m.GetName())
				}
				seen[kind+"/"+m.GetName()] = true
				for _, label := range []string{"app.kubernetes.io/name", "app.kubernetes.io/instance", "app.kubernetes.io/version", "helm.sh/chart"} {
					if m.GetLabels()[label] == "" {
						t.Errorf("%s %s lacks the label %s", kind, m.GetName(), label)
					}
				}
				if m.GetNamespace() != "" {
					t.Errorf("%s %s names the namespace %s, which is Helm's to say", kind, m.GetName(), m.GetNamespace())
				}
			}
		})
	}
}

func TestNotes(t *testing.T) {
	for sample, want := range map[string]string{
		"existing": "name your Redis in networkPolicy.redis.to",
		"embedded": "the claim data-rapport-0",
		"sentinel": "rollout status deployment/rapport",
	} {
		if notes := render(t, sample).notes; !strings.Contains(notes, want) {
			t.Errorf("%s: the notes lack %q:\n%s", sample, want, notes)
		}
	}
}

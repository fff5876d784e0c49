package helmcheck

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	policyv1 "k8s.io/api/policy/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/runtime/serializer"
	"k8s.io/client-go/kubernetes/scheme"
)

// workload is what both kinds of workload have.
type workload struct {
	replicas int32
	selector *metav1.LabelSelector
	pod      corev1.PodTemplateSpec
	claims   []corev1.PersistentVolumeClaim
}

func findWorkload(t *testing.T, r rendered) workload {
	t.Helper()
	if sets := all[*appsv1.StatefulSet](r); len(sets) > 0 {
		s := only[*appsv1.StatefulSet](t, r).Spec
		return workload{*s.Replicas, s.Selector, s.Template, s.VolumeClaimTemplates}
	}
	s := only[*appsv1.Deployment](t, r).Spec
	return workload{*s.Replicas, s.Selector, s.Template, nil}
}

// variables are those that the program reads, and whether they are secrets, from where it declares them.
func variables(t *testing.T) map[string]bool {
	t.Helper()
	found := map[string]bool{}
	for _, m := range regexp.MustCompile("`envconfig:\"([A-Z_]+)\"([^`]*)`").FindAllStringSubmatch(readFile(t, "../../cmd/rapport/config.go"), -1) {
		found[m[1]] = strings.Contains(m[2], `secret:"true"`)
	}
	if len(found) < 10 {
		t.Fatalf("the program's variables are not where they were: %v", found)
	}
	return found
}

func TestPodIsConfined(t *testing.T) {
	for _, sample := range samples {
		t.Run(sample, func(t *testing.T) {
			r := render(t, sample)
			spec := findWorkload(t, r).pod.Spec
			if len(spec.Containers) != 1 || len(spec.InitContainers) != 0 {
				t.Fatalf("%d containers, %d before them", len(spec.Containers), len(spec.InitContainers))
			}
			pod, c := spec.SecurityContext, spec.Containers[0]
			if !*pod.RunAsNonRoot || *pod.RunAsUser != 65532 || *pod.FSGroup != 65532 || pod.SeccompProfile.Type != corev1.SeccompProfileTypeRuntimeDefault {
				t.Errorf("the pod's security context is %+v", pod)
			}
			own := c.SecurityContext
			if *own.AllowPrivilegeEscalation || !*own.ReadOnlyRootFilesystem || !slices.Equal(own.Capabilities.Drop, []corev1.Capability{"ALL"}) || own.Capabilities.Add != nil {
				t.Errorf("the container's security context is %+v", own)
			}
			if spec.HostNetwork || spec.HostPID || spec.HostIPC {
				t.Error("the pod shares its node's namespaces")
			}
			account := only[*corev1.ServiceAccount](t, r)
			if *account.AutomountServiceAccountToken || *spec.AutomountServiceAccountToken || spec.ServiceAccountName != account.Name {
				t.Error("the pod has a token of Kubernetes, or another account")
			}
			for _, v := range spec.Volumes {
				if v.HostPath != nil || v.EmptyDir != nil {
					t.Errorf("volume %s is of a kind that the bot does not need", v.Name)
				}
			}
			if c.Resources.Requests.Cpu().IsZero() || c.Resources.Requests.Memory().IsZero() || c.Resources.Limits.Memory().IsZero() {
				t.Errorf("resources are %+v", c.Resources)
			}
		})
	}
}

func TestPodIsAskedAndStopped(t *testing.T) {
	for _, sample := range samples {
		t.Run(sample, func(t *testing.T) {
			spec := findWorkload(t, render(t, sample)).pod.Spec
			c := spec.Containers[0]
			for _, row := range []struct {
				name, path string
				probe      *corev1.Probe
			}{{"startup", "/healthz", c.StartupProbe}, {"liveness", "/healthz", c.LivenessProbe}, {"readiness", "/readyz", c.ReadinessProbe}} {
				if row.probe == nil || row.probe.HTTPGet == nil || row.probe.HTTPGet.Path != row.path {
					t.Errorf("the %s probe is %+v", row.name, row.probe)
				} else if row.probe.HTTPGet.Port.StrVal != c.Ports[0].Name {
					t.Errorf("the %s probe asks port %v", row.name, row.probe.HTTPGet.Port)
				}
			}
			if port := c.Ports[0].ContainerPort; value(c, "HTTP_ADDR") != ":8080" || port != 8080 {
				t.Errorf("the bot serves on %s, and the pod says %d", value(c, "HTTP_ADDR"), port)
			}
			if !slices.Equal(c.Args, []string{"run"}) || c.Command != nil {
				t.Errorf("it runs %v %v", c.Command, c.Args)
			}
			// The bot takes up to 25 seconds.
			if *spec.TerminationGracePeriodSeconds < 30 || c.Lifecycle != nil {
				t.Errorf("it is killed after %d seconds", *spec.TerminationGracePeriodSeconds)
			}
		})
	}
}

func value(c corev1.Container, name string) string {
	for _, e := range c.Env {
		if e.Name == name {
			return e.Value
		}
	}
	return ""
}

// TestSecretsAreFiles: each secret is a file that the pod mounts from a Secret, and stands nowhere else.
func TestSecretsAreFiles(t *testing.T) {
	known := variables(t)
	for _, sample := range samples {
		t.Run(sample, func(t *testing.T) {
			r := render(t, sample)
			spec := findWorkload(t, r).pod.Spec
			c := spec.Containers[0]
			files := mountedSecrets(spec)
			needed := []string{"RAPPORT_KEY", "REDIS_URL", "SLACK_APP_TOKEN", "SLACK_BOT_TOKEN"}
			if sample == "embedded" {
				needed = slices.DeleteFunc(needed, func(name string) bool { return name == "REDIS_URL" })
			}
			if given, _ := readValues(t, sample)["secret"].(map[string]any); given["rapportKeyOld"] != nil || given["existingHasOldKey"] == true {
				needed = slices.Sorted(slices.Values(append(needed, "RAPPORT_KEY_OLD")))
			}
			var named []string
			for _, e := range c.Env {
				if e.ValueFrom != nil {
					t.Errorf("%s comes from %+v and so stands in the environment", e.Name, e.ValueFrom)
				}
				if name, isFile := strings.CutSuffix(e.Name, "_FILE"); isFile {
					named = append(named, name)
					if !known[name] || files[e.Value] != name {
						t.Errorf("%s is %s, which holds %q", e.Name, e.Value, files[e.Value])
					}
				} else if secret, ok := known[e.Name]; secret || !ok {
					t.Errorf("the variable %s is a secret, or the program does not read it", e.Name)
				}
			}
			if slices.Sort(named); !slices.Equal(named, needed) || len(files) != len(needed) {
				t.Errorf("secrets in files are %v, mounted are %v, needed are %v", named, files, needed)
			}
			checkSecretPlaces(t, sample, r)
		})
	}
}

// mountedSecrets maps the path of each file that comes from a Secret to its key there.
func mountedSecrets(spec corev1.PodSpec) map[string]string {
	files := map[string]string{}
	for _, v := range spec.Volumes {
		if v.Secret == nil {
			continue
		}
		for _, m := range spec.Containers[0].VolumeMounts {
			for _, item := range v.Secret.Items {
				if m.Name == v.Name && m.ReadOnly {
					files[m.MountPath+"/"+item.Path] = item.Key
				}
			}
		}
	}
	return files
}

// checkSecretPlaces looks for the values of secrets in all that is sent to the cluster.
func checkSecretPlaces(t *testing.T, sample string, r rendered) {
	t.Helper()
	given, _ := readValues(t, sample)["secret"].(map[string]any)
	inSecret := map[string]string{}
	for _, s := range all[*corev1.Secret](r) {
		maps.Copy(inSecret, s.StringData)
	}
	count := 0
	for key, v := range given {
		if key == "existing" || key == "existingHasOldKey" {
			continue
		}
		count++
		if n := strings.Count(r.text, v.(string)); n != 1 || strings.Contains(r.notes, v.(string)) {
			t.Errorf("the value of secret.%s stands in %d places", key, n)
		}
		if !slices.Contains(slices.Collect(maps.Values(inSecret)), v.(string)) {
			t.Errorf("the value of secret.%s is not in the Secret", key)
		}
	}
	if len(inSecret) != count {
		t.Errorf("%d secrets were given, %d are in the Secret", count, len(inSecret))
	}
}

func TestRedisModeHasNoGap(t *testing.T) {
	for _, sample := range []string{"existing", "sentinel", "everything"} {
		t.Run(sample, func(t *testing.T) {
			r := render(t, sample)
			d := only[*appsv1.Deployment](t, r).Spec
			if *d.Replicas < 2 || d.Strategy.RollingUpdate.MaxUnavailable.IntValue() != 0 || d.MinReadySeconds <= 30 {
				t.Errorf("%d replicas, %+v", *d.Replicas, d.Strategy.RollingUpdate)
			}
			// Each holds two connections, and Slack permits an app ten.
			if most := 2 * (int(*d.Replicas) + d.Strategy.RollingUpdate.MaxSurge.IntValue()); most > 10 {
				t.Errorf("an upgrade would need %d connections to Slack", most)
			}
			for _, v := range d.Template.Spec.Volumes {
				if v.PersistentVolumeClaim != nil {
					t.Errorf("replicas share the claim %s", v.PersistentVolumeClaim.ClaimName)
				}
			}
			budget := only[*policyv1.PodDisruptionBudget](t, r).Spec
			if budget.MaxUnavailable.IntValue() != 1 {
				t.Errorf("the budget is %+v", budget)
			}
			matches(t, "budget", budget.Selector, d.Template)
			spread := d.Template.Spec.TopologySpreadConstraints
			if len(spread) != 1 {
				t.Fatalf("%d spread constraints", len(spread))
			}
			matches(t, "spread", spread[0].LabelSelector, d.Template)
		})
	}
}

func TestEmbeddedModeHasOneWriter(t *testing.T) {
	r := render(t, "embedded")
	w := findWorkload(t, r)
	if w.replicas != 1 || len(all[*appsv1.Deployment](r)) != 0 || len(all[*policyv1.PodDisruptionBudget](r)) != 0 {
		t.Errorf("%d replicas, or a workload that may run two, or a budget that keeps its node from being drained", w.replicas)
	}
	if len(w.claims) != 1 {
		t.Fatalf("%d claims", len(w.claims))
	}
	claim := w.claims[0]
	if size := claim.Spec.Resources.Requests.Storage().String(); size != "5Gi" || *claim.Spec.StorageClassName != "fast" || claim.Spec.AccessModes[0] != corev1.ReadWriteOncePod {
		t.Errorf("the claim is %+v", claim.Spec)
	}
	c := w.pod.Spec.Containers[0]
	i := slices.IndexFunc(c.VolumeMounts, func(m corev1.VolumeMount) bool { return m.Name == claim.Name })
	if i < 0 || !strings.HasPrefix(value(c, "RAPPORT_DATA_DIR"), c.VolumeMounts[i].MountPath+"/") || c.VolumeMounts[i].ReadOnly {
		t.Errorf("the folder %q is not on the claim: %+v", value(c, "RAPPORT_DATA_DIR"), c.VolumeMounts)
	}
	if set := only[*appsv1.StatefulSet](t, r); set.Spec.ServiceName != only[*corev1.Service](t, r).Name {
		t.Errorf("its service is %q", set.Spec.ServiceName)
	}
}

// TestOwnAuthority: the certificate lies where the documented REDIS_URL looks for it.
func TestOwnAuthority(t *testing.T) {
	for sample, key := range map[string]string{"sentinel": "ca.crt", "everything": "authority.pem"} {
		spec := findWorkload(t, render(t, sample)).pod.Spec
		var path string
		for _, v := range spec.Volumes {
			i := slices.IndexFunc(spec.Containers[0].VolumeMounts, func(m corev1.VolumeMount) bool { return m.Name == v.Name })
			if v.ConfigMap != nil && len(v.ConfigMap.Items) > 0 && v.ConfigMap.Items[0].Key == key {
				path = spec.Containers[0].VolumeMounts[i].MountPath + "/" + v.ConfigMap.Items[0].Path
			}
		}
		if path == "" || !strings.Contains(readFile(t, chartDir+"/values.yaml"), "ca_file="+path) {
			t.Errorf("%s: the certificate lies in %q", sample, path)
		}
	}
}

// TestHolidays: the bot reads free days where the chart mounts them, if it mounts any.
func TestHolidays(t *testing.T) {
	for sample, want := range map[string]string{"everything": "holidays", "sentinel": ""} {
		spec := findWorkload(t, render(t, sample)).pod.Spec
		c := spec.Containers[0]
		folder, mounted := value(c, "RAPPORT_HOLIDAY_FILES"), ""
		for _, m := range c.VolumeMounts {
			i := slices.IndexFunc(spec.Volumes, func(v corev1.Volume) bool { return v.Name == m.Name })
			if m.MountPath == folder && m.ReadOnly && spec.Volumes[i].ConfigMap != nil {
				mounted = spec.Volumes[i].ConfigMap.Name
			}
		}
		if mounted != want || folder == "" != (want == "") {
			t.Errorf("%s: %q holds %q, want %q", sample, folder, mounted, want)
		}
	}
}

// TestImportPod: the pod that the README gives writes where the bot reads, as the same user.
func TestImportPod(t *testing.T) {
	_, rest, ok := strings.Cut(readFile(t, chartDir+"/README.md"), "```yaml\n")
	text, _, closed := strings.Cut(rest, "```")
	if !ok || !closed {
		t.Fatal("the README gives no pod")
	}
	object, _, err := serializer.NewCodecFactory(scheme.Scheme, serializer.EnableStrict).UniversalDeserializer().Decode([]byte(text), nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	pod := object.(*corev1.Pod).Spec
	r := render(t, "embedded")
	w := findWorkload(t, r)
	bot, own := w.pod.Spec.Containers[0], pod.Containers[0]
	if value(own, "RAPPORT_DATA_DIR") != value(bot, "RAPPORT_DATA_DIR") || *pod.SecurityContext.RunAsUser != *w.pod.Spec.SecurityContext.RunAsUser {
		t.Errorf("it writes %s as user %d", value(own, "RAPPORT_DATA_DIR"), *pod.SecurityContext.RunAsUser)
	}
	claim := w.claims[0].Name + "-" + only[*appsv1.StatefulSet](t, r).Name + "-0"
	if got := pod.Volumes[0].PersistentVolumeClaim.ClaimName; got != claim || own.VolumeMounts[0].MountPath != "/data" {
		t.Errorf("it mounts the claim %s, the bot's is %s", got, claim)
	}
}

func matches(t *testing.T, what string, selector *metav1.LabelSelector, pod corev1.PodTemplateSpec) {
	t.Helper()
	s, err := metav1.LabelSelectorAsSelector(selector)
	if err != nil {
		t.Fatal(err)
	}
	if s.Empty() || !s.Matches(labels.Set(pod.Labels)) {
		t.Errorf("the %s selects %s, which are not the pods %v", what, s, pod.Labels)
	}
}

func TestSelectorsAndNetwork(t *testing.T) {
	for sample, out := range map[string][]int{"existing": {53, 443, 6379}, "embedded": {53, 443}, "sentinel": {53, 443, 6379, 26379}, "everything": {53, 443, 6379}} {
		t.Run(sample, func(t *testing.T) {
			r := render(t, sample)
			w := findWorkload(t, r)
			matches(t, "workload", w.selector, w.pod)
			service := only[*corev1.Service](t, r).Spec
			matches(t, "service", &metav1.LabelSelector{MatchLabels: service.Selector}, w.pod)
			if service.Type != "" && service.Type != corev1.ServiceTypeClusterIP || service.ClusterIP != corev1.ClusterIPNone || !service.PublishNotReadyAddresses {
				t.Errorf("the service is %+v", service)
			}
			policy := only[*networkingv1.NetworkPolicy](t, r).Spec
			matches(t, "network policy", &policy.PodSelector, w.pod)
			if !slices.Equal(policy.PolicyTypes, []networkingv1.PolicyType{"Ingress", "Egress"}) {
				t.Errorf("it governs %v", policy.PolicyTypes)
			}
			var ports []int
			for _, rule := range policy.Egress {
				for _, p := range rule.Ports {
					ports = append(ports, p.Port.IntValue())
				}
			}
			slices.Sort(ports)
			if ports = slices.Compact(ports); !slices.Equal(ports, out) {
				t.Errorf("the way out is open to ports %v, want %v", ports, out)
			}
			if want := sample != "everything"; (len(policy.Ingress) == 1) != want {
				t.Errorf("the way in is %+v", policy.Ingress)
			}
		})
	}
}

// TestConfigNames: what `config` may set is what the program reads, without secrets and without what the chart sets itself.
func TestConfigNames(t *testing.T) {
	own := []string{"HTTP_ADDR", "RAPPORT_DATA_DIR", "RAPPORT_HOLIDAY_FILES", "RAPPORT_KEY_PATH"}
	var want []string
	for name, secret := range variables(t) {
		if !secret && !slices.Contains(own, name) {
			want = append(want, name)
		}
	}
	slices.Sort(want)
	if got := schemaConfigNames(t); !slices.Equal(got, want) {
		t.Errorf("values.schema.json lets config set\n%v, the program reads\n%v", got, want)
	}
}

package helmcheck

import (
	"bufio"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"helm.sh/helm/v3/pkg/chart/loader"
	"helm.sh/helm/v3/pkg/chartutil"
	"helm.sh/helm/v3/pkg/engine"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/serializer"
	"k8s.io/apimachinery/pkg/util/yaml"
	"k8s.io/client-go/kubernetes/scheme"
)

const chartDir = "../helm/rapport"

// samples are the values files in testdata, by name.
var samples = []string{"existing", "embedded", "sentinel", "everything"}

func readValues(t *testing.T, sample string) map[string]any {
	t.Helper()
	values, err := chartutil.ReadValuesFile(filepath.Join("testdata", sample+".yaml"))
	if err != nil {
		t.Fatal(err)
	}
	return values
}

// template renders the chart as `helm template rapport` does, with the schema checked; notes are what a person reads after an install.
func template(values map[string]any) (files map[string]string, notes string, err error) {
	chart, err := loader.Load(chartDir)
	if err != nil {
		return nil, "", err
	}
	release := chartutil.ReleaseOptions{Name: "rapport", Namespace: "people", Revision: 1, IsInstall: true}
	all, err := chartutil.ToRenderValues(chart, values, release, chartutil.DefaultCapabilities)
	if err != nil {
		return nil, "", err
	}
	files, err = engine.Render(chart, all)
	if err != nil {
		return nil, "", err
	}
	const name = "rapport/templates/NOTES.txt"
	notes = files[name]
	delete(files, name)
	return files, notes, nil
}

// rendered is what one set of values makes.
type rendered struct {
	objects []runtime.Object
	text    string // all files, as they would be sent
	notes   string
}

// render decodes strictly what the chart makes: a field that Kubernetes does not know is an error. Kinds of operators come as they are.
func render(t *testing.T, sample string) rendered {
	t.Helper()
	files, notes, err := template(readValues(t, sample))
	if err != nil {
		t.Fatal(err)
	}
	decoder := serializer.NewCodecFactory(scheme.Scheme, serializer.EnableStrict).UniversalDeserializer()
	r := rendered{notes: notes}
	for name, text := range files {
		if filepath.Ext(name) != ".yaml" {
			continue
		}
		r.text += text
		reader := yaml.NewYAMLReader(newLines(text))
		for {
			document, err := reader.Read()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			if object := decode(t, name, decoder, document); object != nil {
				r.objects = append(r.objects, object)
			}
		}
	}
	return r
}

func decode(t *testing.T, name string, decoder runtime.Decoder, document []byte) runtime.Object {
	t.Helper()
	content := map[string]any{}
	if err := yaml.Unmarshal(document, &content); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	if len(content) == 0 {
		return nil
	}
	if version, _ := content["apiVersion"].(string); strings.HasPrefix(version, "monitoring.coreos.com/") {
		return &unstructured.Unstructured{Object: content}
	}
	object, _, err := decoder.Decode(document, nil, nil)
	if err != nil {
		t.Fatalf("%s: %v\n%s", name, err, document)
	}
	return object
}

// all returns the objects of one type.
func all[T runtime.Object](r rendered) []T {
	var found []T
	for _, object := range r.objects {
		if one, ok := object.(T); ok {
			found = append(found, one)
		}
	}
	return found
}

// only returns the one object of a type.
func only[T runtime.Object](t *testing.T, r rendered) T {
	t.Helper()
	found := all[T](r)
	if len(found) != 1 {
		t.Fatalf("%d objects of the type, want one: %T", len(found), found)
	}
	return found[0]
}

// custom returns the one object of an operator's kind.
func custom(t *testing.T, r rendered, kind string) map[string]any {
	t.Helper()
	for _, object := range all[*unstructured.Unstructured](r) {
		if object.GetKind() == kind {
			return object.Object
		}
	}
	t.Fatalf("there is no %s", kind)
	return nil
}

func readFile(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func newLines(text string) *bufio.Reader { return bufio.NewReader(strings.NewReader(text)) }

package slackfake

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"
)

// shape is what an object may look like: its fields, each with a rule, and which of them must be there. Fields that it does not have are
// refused, as Slack does.
type shape struct {
	fields   map[string]rule
	required []string
	on       []screen                                          // where it may stand; nil for everywhere
	also     func(k *checker, path string, obj map[string]any) // what one field alone cannot say
}

func (sh shape) isOn(s screen) bool { return sh.on == nil || slices.Contains(sh.on, s) }

// rule checks a field's value.
type rule func(k *checker, path string, value any)

// fieldRules are the rules of an object's fields by name.
type fieldRules = map[string]rule

// with adds fields to others.
func with(sets ...fieldRules) fieldRules {
	all := fieldRules{}
	for _, set := range sets {
		maps.Copy(all, set)
	}
	return all
}

// object checks an object against a shape; its type was already looked at.
func (k *checker) object(path string, obj map[string]any, sh shape) {
	for _, name := range sh.required {
		if obj[name] == nil {
			k.add(path, "missing required field: %s", name)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(obj)) {
		value := obj[name]
		if name == "type" || value == nil {
			continue
		}
		check, known := sh.fields[name]
		if !known {
			k.add(path, "invalid additional property: %s", name)
			continue
		}
		check(k, path+"/"+name, value)
	}
	if sh.also != nil {
		sh.also(k, path, obj)
	}
}

// chars is a string of so many characters.
func chars(least, most int) rule {
	return func(k *checker, path string, value any) {
		text, ok := value.(string)
		if !ok {
			k.add(path, "must provide a string")
			return
		}
		k.length(path, text, least, most)
	}
}

// read is chars for what people read, so that it counts for the whole message.
func read(least, most int) rule {
	check := chars(least, most)
	return func(k *checker, path string, value any) {
		check(k, path, value)
		k.chars += utf8.RuneCountInString(asString(value))
	}
}

func (k *checker) length(path, text string, least, most int) {
	switch n := utf8.RuneCountInString(text); {
	case n < least:
		k.add(path, "must be more than %d characters", least-1)
	case n > most:
		k.add(path, "must be less than %d characters", most+1)
	}
}

// address is a URL of so many characters.
func address(most int, schemes ...string) rule {
	return func(k *checker, path string, value any) {
		chars(1, most)(k, path, value)
		u, err := url.Parse(asString(value))
		if err != nil || u.Scheme == "" || (len(schemes) > 0 && !slices.Contains(schemes, u.Scheme)) {
			k.add(path, "must be a valid URL")
		}
	}
}

// oneOf is one of some words.
func oneOf(allowed ...string) rule {
	return func(k *checker, path string, value any) {
		if !slices.Contains(allowed, asString(value)) {
			k.add(path, "must be a valid enum value: %s", strings.Join(allowed, ", "))
		}
	}
}

// boolean is true or false.
func boolean(k *checker, path string, value any) {
	if _, ok := value.(bool); !ok {
		k.add(path, "must be a boolean")
	}
}

// anything is not looked at.
func anything(*checker, string, any) {}

// integer is a whole number.
func integer(least, most int64) rule {
	return func(k *checker, path string, value any) {
		n, err := json.Number(fmt.Sprint(value)).Int64()
		if _, isNumber := value.(json.Number); !isNumber || err != nil {
			k.add(path, "must be an integer")
			return
		}
		if n < least || n > most {
			k.add(path, "must be an integer from %d to %d", least, most)
		}
	}
}

// figure is any number.
func figure(k *checker, path string, value any) {
	n, isNumber := value.(json.Number)
	if _, err := n.Float64(); !isNumber || err != nil {
		k.add(path, "must be a number")
	}
}

// above is a number greater than least.
func above(least float64) rule {
	return func(k *checker, path string, value any) {
		n, isNumber := value.(json.Number)
		if f, err := n.Float64(); !isNumber || err != nil || f <= least {
			k.add(path, "must be a number greater than %v", least)
		}
	}
}

// list is an array of so many items.
func list(least, most int, each rule) rule {
	return func(k *checker, path string, value any) {
		items, ok := value.([]any)
		if !ok {
			k.add(path, "must provide an array")
			return
		}
		if len(items) < least {
			k.add(path, "no fewer than %d items allowed", least)
		}
		if len(items) > most {
			k.add(path, "no more than %d items allowed", most)
		}
		for i, item := range items {
			each(k, fmt.Sprintf("%s/%d", path, i), item)
		}
	}
}

// object is an object of a shape.
func object(sh shape) rule {
	return func(k *checker, path string, value any) {
		obj, ok := value.(map[string]any)
		if !ok {
			k.add(path, "must provide an object")
			return
		}
		k.object(path, obj, sh)
	}
}

// The kinds of text objects.
const (
	plainText = "plain_text"
	mrkdwn    = "mrkdwn"
)

// text is a text object of so many characters; plain is for plain_text alone.
func text(plain bool, least, most int) rule {
	kinds := []string{plainText, mrkdwn}
	if plain {
		kinds = kinds[:1]
	}
	return func(k *checker, path string, value any) {
		obj, ok := value.(map[string]any)
		if !ok {
			k.add(path, "must provide an object")
			return
		}
		if !slices.Contains(kinds, asString(obj["type"])) {
			k.add(path+"/type", "must be a valid enum value: %s", strings.Join(kinds, ", "))
		}
		fields := fieldRules{"text": read(least, most), "emoji": boolean}
		if asString(obj["type"]) == mrkdwn {
			fields = fieldRules{"text": read(least, most), "verbatim": boolean}
		}
		k.object(path, obj, shape{fields: fields, required: []string{"text"}})
	}
}

// plain1 is a plain_text object of 1 to most characters.
func plain1(most int) rule { return text(true, 1, most) }

// rich1 is a text object of either kind of 1 to most characters.
func rich1(most int) rule { return text(false, 1, most) }

// elementIn is an element that may stand in some place.
func elementIn(place string) rule {
	return func(k *checker, path string, value any) {
		obj, ok := value.(map[string]any)
		if !ok {
			k.add(path, "must provide an object")
			return
		}
		kind := asString(obj["type"])
		sh, known := k.elements[kind]
		if kind == "" {
			k.add(path, "missing required field: type")
			return
		}
		if !known || !slices.Contains(elementPlaces()[place], kind) {
			k.add(path+"/type", "unsupported type: %s", kind)
			return
		}
		k.id(path+"/action_id", "action_id", obj, k.actionIDs)
		if obj["focus_on_load"] == true {
			if k.focus {
				k.add(path+"/focus_on_load", "only one element may have focus_on_load")
			}
			k.focus = true
		}
		k.object(path, obj, sh)
	}
}

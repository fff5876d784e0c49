package storage

import (
	"strings"
	"time"
)

// The names of fields and the instants are a third to a half of every stored value, a hundred thousand people's kudos, seats and rounds among them. So they are
// abbreviated. JSON as we write it holds no byte under 0x20, so these bytes are free to stand for something else, and what has none of them reads as it is:
// values from before abbreviating was invented, too.
//
//	0x01 … 0x1c        a word of the dictionary, one of the first 28
//	0x1d and a byte    one of the next 95, 0x20 to 0x7e
//	0x1e and 6 bytes   an instant up to its seconds, "2026-03-02T09:00:00": six bits in each from 0x30 on, the highest first

const (
	shortWords   = 0x1c
	longMark     = 0x1d
	longFirst    = 0x20
	instantMark  = 0x1e
	instantBytes = 6
	instantZero  = '0'
	instantForm  = "2006-01-02T15:04:05"
)

// dictionary is what is abbreviated, the most wanted first. Stored values rest on the order: words are added at the end, and none is ever changed or taken out.
var dictionary = []string{
	// One byte each.
	`":"`, `Z","`, `","version":`, `"],"`, `","members":["`, `","`, `coffee-`, `practice-`, `{"id":"`, `,"giver":"`, `","recipients":["`, `"],"message":"`,
	`","channel":"`, `","posted":true,"given":"`, `"],"reasons":[{"code":"`, `","a":"`, `","b":"`, `"}],"question":"`, `","first":"`, `","found":"`,
	`,"met":{"`, `{"key":"`, `different_departments`, `","value":"`, `,"explicit_time":false}`, `"due":{"date":"`, `","time":"`, `","zone":"`,
	// Two bytes each.
	`":"met"}}`, `scheduled"`, `","state":"`, `"state":"open"`, `"state":"done"`, `,"shared":true`, `,"created":"`, `"closed":"`, `"acted":"`, `"before":{"`, `"till":"`,
	`"to":["`, `"sealed":"`, `"text":""`, `,"revision":`, `,"owner":"`, `","by":"`, `{"id":`, `,"version":`, `{"program":"`, `","member":"`, `"joined":"`, `"matched":`,
	`,"group":"`, `,"silent":true`, `"shown":{"`, `Z"},"`, `","name":"`, `","handle":"`, `","title":"`, `","department":"`, `","locale":"`, `","manager":"`, `"seen":"`,
	`{"member":"`, `"hours":[`, `{"from":0,"to":0}`, `{"from":540,"to":1050}`, `"holidays":"`, `"practice":true`, `"updated":"`, `"kudos_dm":"`, `"muted":["`, `"about":"`,
	`"edited":"`, `"undone":"`, `"private":true`, `"closed":true`, `"hidden":["`, `"groups":["`, `"moves":[`, `"from":{`, `"to":{`, `"at":"`, `"every":{`, `"unit":"`,
	`"snoozed_till":"`, `"occasion":`, `"giving":"`, `"offers":[`, `"explicit_time":true`, `not_yet"`, `"not_met"`, `"later"`, `"skip_round":`, `"paused_till":"`, `"sat_out":`,
	`"last_sat_out":`, `"asked":`, `"left":"`, `"deleted":true`, `"guest":true`, `"admin":true`, `"bot":true`, `"welcomed":"`, `"proposed"`, `"released"`, `"declined"`,
	`"lapsed"`, `Europe/`, `America/`, `Asia/`, `Australia/`, `New_York`, `Los_Angeles`, `Berlin`, `London`, `https://`, `.slack.com/archives/`, `"code":"`, `en-US`, `false`,
	`true`, `"met"`, `null`,
}

// packer abbreviates words, the longest first; unpacked has the words by their abbreviations.
var packer, unpacked = newPacker()

func newPacker() (*strings.Replacer, map[string]string) {
	byMark, words := make(map[string]string, len(dictionary)), make([][2]string, len(dictionary))
	for i, word := range dictionary {
		mark := string(rune(i + 1))
		if i >= shortWords {
			mark = string([]byte{longMark, byte(longFirst + i - shortWords)}) //nolint:gosec // a test holds that they fit
		}
		byMark[mark], words[i] = word, [2]string{word, mark}
	}
	// A replacer takes the first that fits, so longer words come before those that they begin with.
	pairs := make([]string, 0, 2*len(words))
	for length := longestWord(); length > 0; length-- {
		for _, w := range words {
			if len(w[0]) == length {
				pairs = append(pairs, w[0], w[1])
			}
		}
	}
	return strings.NewReplacer(pairs...), byMark
}

func longestWord() int {
	longest := 0
	for _, word := range dictionary {
		longest = max(longest, len(word))
	}
	return longest
}

// pack abbreviates JSON.
func pack(text string) string { return packer.Replace(packInstants(text)) }

// unpack is the JSON again.
func unpack(stored string) string {
	if strings.IndexFunc(stored, func(r rune) bool { return r < 0x20 }) < 0 {
		return stored
	}
	var out strings.Builder
	out.Grow(2 * len(stored))
	for i := 0; i < len(stored); {
		n := markLength(stored[i:])
		switch {
		case n == 0:
			out.WriteByte(stored[i])
			n = 1
		case stored[i] == instantMark:
			out.WriteString(unpackInstant(stored[i+1 : i+n]))
		default:
			out.WriteString(unpacked[stored[i:i+n]])
		}
		i += n
	}
	return out.String()
}

// markLength is how many bytes the abbreviation takes that a text begins with; 0 if there is none, or not all of it.
func markLength(text string) int {
	n := 0
	switch b := text[0]; {
	case b == instantMark:
		n = 1 + instantBytes
	case b == longMark:
		n = 2
	case b > 0 && b <= shortWords:
		n = 1
	}
	if n > len(text) {
		return 0
	}
	return n
}

// packInstants abbreviates the instants of a text.
func packInstants(text string) string {
	var out strings.Builder
	done := 0
	for from := 0; ; {
		t := strings.Index(text[from:], "T")
		if t < 0 {
			break
		}
		at := from + t - len("2006-01-02")
		from += t + 1
		if at < done || at+len(instantForm) > len(text) {
			continue
		}
		mark, ok := packInstant(text[at : at+len(instantForm)])
		if !ok {
			continue
		}
		out.WriteString(text[done:at])
		out.WriteString(mark)
		done = at + len(instantForm)
		from = done
	}
	if done == 0 {
		return text
	}
	out.WriteString(text[done:])
	return out.String()
}

// packInstant abbreviates an instant if it comes out as it was: years from 1970 to 4147.
func packInstant(text string) (string, bool) {
	if text[4] != '-' || text[13] != ':' {
		return "", false
	}
	t, err := time.Parse(instantForm, text)
	if err != nil || t.Unix() < 0 || t.Unix() >= 1<<(6*instantBytes) || t.Format(instantForm) != text {
		return "", false
	}
	mark := make([]byte, 1+instantBytes)
	mark[0] = instantMark
	for i, rest := instantBytes, t.Unix(); i > 0; i, rest = i-1, rest>>6 {
		mark[i] = instantZero + byte(rest&0x3f)
	}
	return string(mark), true
}

func unpackInstant(bits string) string {
	var seconds int64
	for i := range len(bits) {
		seconds = seconds<<6 | int64(bits[i]-instantZero)&0x3f
	}
	return time.Unix(seconds, 0).UTC().Format(instantForm)
}

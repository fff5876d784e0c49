package bot

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/clipperhouse/uax29/v2/graphemes"
	"golang.org/x/text/unicode/norm"
)

const (
	// ValueLimit is how many values a workspace can have.
	ValueLimit = 20
	// ValueNameLimit is how many characters a value's name has at most.
	ValueNameLimit = 30
	// ValueSentenceLimit is how many characters the sentence about a value has at most.
	ValueSentenceLimit = 150
	// emojiNameLimit keeps an emoji's name and a value's within one option of a select.
	emojiNameLimit = 40
	// emojiRunes is more than the longest emoji has: a family of four with skin tones.
	emojiRunes = 16
	// reservedValue is what forms call no value at all.
	reservedValue = "none"
)

// What can be wrong with a value.
const (
	ValueName     FaultCode = "value_name"     // not of letters, digits, "-" and "_", or too long
	ValueReserved FaultCode = "value_reserved" // "none" is no value
	ValueTaken    FaultCode = "value_taken"    // another one reads the same; Typed is its name
	ValueEmoji    FaultCode = "value_emoji"    // no emoji
	ValueSentence FaultCode = "value_sentence" // none, or too long
	ValueMany     FaultCode = "value_many"     // there are Limit of them
)

// Tidy is a value as it is stored, of what was typed. What is no emoji stays as it is, for [Value.Wrong] to name.
func (v Value) Tidy() Value {
	v.Name = norm.NFC.String(strings.TrimLeft(strings.TrimSpace(v.Name), "#＃"))
	v.Sentence = strings.Join(strings.Fields(cleanText(v.Sentence)), " ")
	if emoji, ok := readEmoji(v.Emoji); ok {
		v.Emoji = emoji
	}
	return v
}

// Wrong lists what is wrong with a tidy value by itself.
func (v Value) Wrong() []FaultCode {
	var wrong []FaultCode
	folded := foldValue(v.Name)
	switch {
	case folded == "" || utf8.RuneCountInString(v.Name) > ValueNameLimit || strings.IndexFunc(v.Name, isNotTagRune) >= 0 ||
		strings.IndexFunc(v.Name, isLetterOrDigit) < 0:
		wrong = append(wrong, ValueName)
	case folded == reservedValue:
		wrong = append(wrong, ValueReserved)
	}
	if emoji, ok := readEmoji(v.Emoji); !ok || emoji != v.Emoji {
		wrong = append(wrong, ValueEmoji)
	}
	if n := utf8.RuneCountInString(v.Sentence); n == 0 || n > ValueSentenceLimit {
		wrong = append(wrong, ValueSentence)
	}
	return wrong
}

// Seen tells one state of a value from another.
func (v Value) Seen() string { return fingerprint(v) }

// ValuesSeen tells one list of values from another.
func (w Workspace) ValuesSeen() string { return fingerprint(w.Values) }

// like finds the value that reads the same as name, other than the one that is called except.
func (w Workspace) like(name, except string) (Value, bool) {
	i := slices.IndexFunc(w.Values, func(v Value) bool { return v.Name != except && foldValue(v.Name) == foldValue(name) })
	if i < 0 {
		return Value{}, false
	}
	return w.Values[i], true
}

func isLetterOrDigit(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

// emojiNamed reads which emoji is meant, as Slack's events name it: ":clap:", "clap", ":clap::skin-tone-3:", or the emoji itself where it is a usual one. False
// if that cannot be told.
func emojiNamed(typed string) (string, bool) {
	typed = strings.TrimSpace(typed)
	if name, ok := usualEmoji()[bareEmoji(typed)]; ok {
		return name, true
	}
	if _, second, found := strings.Cut(typed, "::"); found && !strings.HasPrefix(second, "skin-tone-") {
		return "", false
	}
	name := EmojiName(typed)
	if name == "" || utf8.RuneCountInString(name) > emojiNameLimit || strings.IndexFunc(name, isNotEmojiNameRune) >= 0 {
		return "", false
	}
	return name, true
}

// readEmoji reads an emoji that is to be shown: by name, in colons, where it has a known one, else the emoji itself.
func readEmoji(typed string) (string, bool) {
	typed = strings.TrimSpace(typed)
	if name, ok := emojiNamed(typed); ok {
		return ":" + name + ":", true
	}
	return typed, isEmoji(typed)
}

// isEmoji reports whether text is one emoji and nothing else.
func isEmoji(text string) bool {
	if text == "" || utf8.RuneCountInString(text) > emojiRunes {
		return false
	}
	g := graphemes.FromString(text)
	if !g.Next() || g.Value() != text {
		return false
	}
	const keycap = '\u20E3'
	key := strings.ContainsRune(text, keycap)
	picture := key
	for _, r := range text {
		switch {
		case unicode.Is(unicode.So, r):
			picture = true
		case isEmojiPart(r) || r == keycap:
		case key && strings.ContainsRune("0123456789#*", r):
		default:
			return false
		}
	}
	return picture
}

// isEmojiPart reports whether r only changes or joins pictures: selectors, the joiner, skin tones, the tags of regional flags.
func isEmojiPart(r rune) bool {
	return r == '\uFE0F' || r == '\u200D' || isSkinTone(r) || r >= 0xE0020 && r <= 0xE007F
}

func isSkinTone(r rune) bool { return r >= 0x1F3FB && r <= 0x1F3FF }

// bareEmoji is an emoji without selectors and skin tones.
func bareEmoji(text string) string {
	return strings.Map(func(r rune) rune {
		if r == '\uFE0F' || isSkinTone(r) {
			return -1
		}
		return r
	}, text)
}

// usualEmoji names the emoji that people thank with. A keyboard of a phone types them, and Slack's events know names alone.
func usualEmoji() map[string]string {
	return map[string]string{
		"👏": "clap", "🙌": "raised_hands", "🙏": "pray", "👍": "+1", "❤": "heart", "🎉": "tada", "🎊": "confetti_ball", "⭐": "star", "🌟": "star2",
		"✨": "sparkles", "💯": "100", "🔥": "fire", "🚀": "rocket", "🌮": "taco", "💐": "bouquet", "🤝": "handshake", "💪": "muscle", "🏆": "trophy",
		"🎯": "dart", "💡": "bulb", "👂": "ear", "🌈": "rainbow", "🍪": "cookie", "💎": "gem", "🥇": "first_place_medal", "🏅": "sports_medal",
		"🌱": "seedling", "🌻": "sunflower", "🧭": "compass", "🧠": "brain", "👀": "eyes", "🤗": "hugging_face", "😊": "blush", "💚": "green_heart",
		"💙": "blue_heart", "💛": "yellow_heart", "💜": "purple_heart", "🧡": "orange_heart", "🫶": "heart_hands", "👋": "wave", "✅": "white_check_mark",
		"🛠": "hammer_and_wrench", "🌍": "earth_africa", "☕": "coffee", "🍀": "four_leaf_clover", "🦉": "owl", "🐝": "bee", "🐢": "turtle", "⚓": "anchor",
		"🔴": "red_circle", "🟠": "large_orange_circle", "🟡": "large_yellow_circle", "🟢": "large_green_circle", "🔵": "large_blue_circle",
		"🟣": "large_purple_circle", "🟤": "large_brown_circle", "⚫": "black_circle", "⚪": "white_circle",
	}
}

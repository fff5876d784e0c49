package slackapp

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"rapport/bot"
)

func viewPeople() map[string]bot.Member {
	return map[string]bot.Member{
		"UANA": {ID: "UANA", Name: "Ana *Lopez*"}, "UBOB": {ID: "UBOB", Name: "Bob & Sons <!here>"}, "UCYN": {ID: "UCYN", Name: "سين ليلى"},
	}
}

func viewWorkspace() bot.Workspace {
	return bot.Workspace{Zone: "Europe/Berlin", Values: bot.StandardValues()}
}

func viewKudos() bot.Kudos {
	return bot.Kudos{
		ID: "k1", Version: 1, Giver: "UANA", Recipients: []string{"UBOB", "UCYN"}, Value: "trust", Channel: "CPUB", Posted: true, Given: wednesday,
		Message: "staying with the customer until <@UCYN> had the *import* working\n&gt; <!channel> `code <@UBOB>` _unbalanced",
		About:   "https://acme.slack.com/archives/CPUB/p1774429020000100",
	}
}

func viewDigest() bot.DigestPost {
	trust := bot.StandardValues()[0]
	plain := viewKudos()
	plain.ID, plain.Value, plain.Message = "k2", "", "the calm summary\nwe found in the morning, @here"
	return bot.DigestPost{
		Channel: "CPUB", From: wednesday.Add(-7 * 24 * time.Hour), To: wednesday, Givers: 1, Recipients: 2, Departments: 3, FirstTimers: []string{"UANA"},
		Prompt: "Whose work made yours easier & stayed unseen?", People: viewPeople(), Continued: true,
		Sections: []bot.DigestSection{
			{Value: trust, Kudos: []bot.DigestItem{{Kudos: viewKudos(), Recipients: []string{"UBOB", "UCYN"}, Link: "https://acme.slack.com/archives/CPUB/p1"}}},
			{Kudos: []bot.DigestItem{{Kudos: plain, Recipients: []string{"UCYN"}}}},
		},
	}
}

// kudosViews are all messages about kudos, by name.
func kudosViews() map[string]Message {
	reader := Reader{Zone: firstZone("Europe/Berlin")}
	w, limits := viewWorkspace(), bot.StandardKudosLimits()
	k := viewKudos()
	private := k
	private.Private, private.Posted, private.Recipients, private.Value, private.About = true, false, []string{"UBOB"}, "", ""
	edited := k
	edited.Edited = wednesday.Add(time.Hour)
	undone := k
	undone.Undone, undone.Message = wednesday, ""
	left := []bot.LeftOut{
		{Member: "UANA", Why: bot.LeftSelf},
		{Member: "UBOT", Why: bot.LeftBot},
		{Member: "UX", Why: bot.LeftGone},
		{Member: "UY", Why: bot.LeftGone},
		{Member: "UFAR", Why: bot.LeftStranger},
		{Member: "UWHO", Why: bot.LeftUnknown},
	}
	note := bot.KudosNote{Kudos: k, Value: w.Values[0], Reader: bot.Member{ID: "UBOB"}, Posted: true, Shown: true, Link: "https://acme.slack.com/archives/CPUB/p1", People: viewPeople()}
	unnamed := note
	unnamed.Shown = false
	on := bot.Digest{Channel: "CPUB", Weekday: time.Friday, Minute: 15 * 60, Zone: "Europe/Berlin", By: "UANA"}
	off := on
	off.Off = true
	empty := viewDigest()
	empty.Sections = nil
	thread := viewDigest()
	thread.Page, thread.Continued, thread.More, thread.Prompt, thread.FirstTimers = 4, false, 1200, "", nil
	return map[string]Message{
		"kudos_help":            kudosHelp(w, limits, 20),
		"kudos_given":           kudosGiven(bot.GivenKudos{Kudos: k, Place: bot.PlaceChannel, Quiet: []string{"UCYN"}, Left: left, People: viewPeople()}, w),
		"kudos_given_privately": kudosGiven(bot.GivenKudos{Kudos: private, Place: bot.PlacePrivate, People: viewPeople()}, w),
		"kudos_given_undone":    kudosGiven(bot.GivenKudos{Kudos: undone, Place: bot.PlaceChannel}, w),
		"kudos_undone":          kudosUndone(bot.ChangedKudos{Kudos: undone}),
		"kudos_undone_stray":    kudosUndone(bot.ChangedKudos{Kudos: undone, Stray: true}),
		"kudos_edited":          kudosEdited(bot.ChangedKudos{Kudos: edited}, viewPeople()),
		"kudos_edited_stray":    kudosEdited(bot.ChangedKudos{Kudos: edited, Stray: true}, viewPeople()),
		"kudos_twin":            kudosTwin("<@UBOB> for the *quick* fix"),
		"kudos_short":           kudosRefused(bot.KudosInput{Fault: bot.KudosTooShort, Message: "thx"}, "<@UBOB> thx", limits),
		"kudos_mine":            kudosMine(reader, viewMine(), ""),
		"kudos_mine_empty":      kudosMine(reader, bot.MyKudos{}, ""),
		"kudos_forget":          kudosForget(),
		"kudos_forgotten":       kudosForgotten(reader, 1200, true),
		"kudos_post":            kudosPost(bot.KudosPost{Kudos: edited, Recipients: []string{"UBOB"}, Value: w.Values[0], People: viewPeople()}),
		"kudos_note":            kudosNote(note, 0),
		"kudos_note_unnamed":    kudosNote(unnamed, 0),
		"kudos_note_private":    kudosNote(bot.KudosNote{Kudos: private, Reader: bot.Member{ID: "UBOB"}, People: viewPeople()}, 0),
		"digest":                digestPost(reader, viewDigest()),
		"digest_thread":         digestPost(reader, thread),
		"digest_preview":        digestPreview(reader, bot.DigestPreview{Post: viewDigest(), Digest: on, On: true, May: true}),
		"digest_preview_guest":  digestPreview(reader, bot.DigestPreview{Post: viewDigest()}),
		"digest_preview_empty":  digestPreview(reader, bot.DigestPreview{Post: empty, May: true}),
		"digest_on":             digestSet(reader, on, wednesday),
		"digest_off":            digestSet(reader, off, wednesday),
	}
}

func TestKudosViewsLookAsTheyDid(t *testing.T) {
	for name, m := range kudosViews() {
		sealed, err := m.seal()
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		golden(t, name, map[string]any{"text": sealed.Text, "blocks": sealed.Blocks})
	}
	limits := bot.StandardKudosLimits()
	for name, m := range map[string]Modal{
		"kudos_form": kudosForm(kudosDraft{
			Input:   bot.KudosInput{Recipients: []string{"UBOB"}, Message: "<@UCYN|cyn> &amp; <https://x.y|co>", Value: "trust", Private: true, Fault: bot.KudosUnclearPrivate},
			Channel: "CPUB", AboutTS: "1.1", About: "https://acme.slack.com/archives/CPUB/p11",
		}, viewWorkspace(), limits),
		"kudos_form_group": kudosForm(kudosDraft{Input: bot.KudosInput{Groups: []string{"S1"}}}, bot.Workspace{}, limits),
		"kudos_edit":       kudosEdit(viewKudos(), viewPeople(), kudosEditFrom{Channel: "CPUB"}, limits),
	} {
		sealed, err := m.seal()
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		golden(t, name, sealed)
	}
}

// Nothing that people write or are called may notify others, wherever it is shown.
func TestNoViewOfKudosBroadcasts(t *testing.T) {
	hostile := "<!channel> <!here|here> <!everyone> <!subteam^S1|@all> @channel @here \u202Egnp.exe\u202C <@UDEE|dee> &lt;!channel&gt; &lt;@UDEE&gt;\n&gt;&gt;&gt; `*_~ ```<!channel>``` https://x.y <https://x.y|<!channel>"
	people := map[string]bot.Member{"UDEE": {ID: "UDEE", Name: "<!channel> @here"}, "UANA": {Name: "<@UDEE>"}, "UBOB": {Name: "*<!here>*"}}
	k := viewKudos()
	k.Message, k.About = hostile, ""
	w := viewWorkspace()
	item := bot.DigestItem{Kudos: k, Recipients: []string{"UBOB"}}
	digest := bot.DigestPost{People: people, FirstTimers: []string{"UANA"}, Sections: []bot.DigestSection{{Kudos: []bot.DigestItem{item}}}}
	for name, m := range map[string]Message{
		"echo": kudosGiven(bot.GivenKudos{Kudos: k, Place: bot.PlaceChannel, People: people}, w), "post": kudosPost(bot.KudosPost{Kudos: k, Recipients: []string{"UBOB"}, People: people}),
		"note": kudosNote(bot.KudosNote{Kudos: k, Reader: bot.Member{ID: "UBOB"}, People: people}, 0), "edited": kudosEdited(bot.ChangedKudos{Kudos: k}, nil),
		"mine": kudosMine(Reader{}, bot.MyKudos{Given: []bot.Kudos{k}, Received: []bot.Kudos{k}, People: people}, ""), "digest": digestPost(Reader{}, digest),
		"preview": digestPreview(Reader{}, bot.DigestPreview{Post: digest}),
	} {
		sealed, err := m.seal()
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		all := unescapedJSON(t, map[string]any{"text": sealed.Text, "blocks": sealed.Blocks})
		for _, bad := range []string{"<!", "<@UDEE", "@channel", "@here", "\u202E", "S1>"} {
			if strings.Contains(all, bad) {
				t.Errorf("%s holds %q:\n%s", name, bad, all)
			}
		}
		if strings.HasPrefix(name, "digest") || name == "preview" {
			if strings.Contains(all, "<@") {
				t.Errorf("%s mentions somebody:\n%s", name, all)
			}
		}
	}
}

func unescapedJSON(t *testing.T, v any) string {
	t.Helper()
	var out strings.Builder
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(v); err != nil {
		t.Fatal(err)
	}
	// Dates are Slack's own markup, made here.
	return strings.ReplaceAll(out.String(), "<!date^", "")
}

func TestTheLongestKudosFitEverywhere(t *testing.T) {
	limits := bot.StandardKudosLimits()
	long := map[string]string{
		"emoji":      strings.Repeat("🎉", 1000),
		"families":   strings.Repeat("👩‍👩‍👧‍👦", 142),
		"ampersands": strings.Repeat("&amp;", 1000),
		"lines":      strings.Repeat("a\n", 499) + "a",
		"quotes":     strings.Repeat("&gt;\n", 500),
		"code":       "```" + strings.Repeat("🎉\n", 490) + "```",
		"broadcasts": strings.Repeat("@here ", 166),
		"one word":   strings.Repeat("a", 1000),
	}
	people := map[string]bot.Member{}
	var to []string
	for i := range 10 {
		id := fmt.Sprintf("U%09d", i)
		people[id] = bot.Member{ID: id, Name: strings.Repeat("&<Ñ", 26)}
		to = append(to, id)
	}
	var left []bot.LeftOut
	for i := range 200 {
		left = append(left, bot.LeftOut{Member: fmt.Sprintf("U%010d", i), Why: bot.LeftGone})
	}
	w := viewWorkspace()
	for name, text := range long {
		if n := bot.CountText(text); n > limits.Characters {
			t.Fatalf("%s has %d characters", name, n)
		}
		k := viewKudos()
		k.Message, k.Recipients, k.Edited = text, to, wednesday
		list := make([]bot.Kudos, bot.MinePage)
		for i := range list {
			list[i] = k
		}
		for view, m := range map[string]Message{
			"echo": kudosGiven(bot.GivenKudos{Kudos: k, Place: bot.PlaceChannel, Quiet: to, Left: left, People: people}, w),
			"post": kudosPost(bot.KudosPost{Kudos: k, Recipients: to, Value: w.Values[0], People: people}),
			"note": kudosNote(bot.KudosNote{Kudos: k, Reader: bot.Member{ID: to[0]}, Posted: true, Shown: true, People: people}, 0), "edited": kudosEdited(bot.ChangedKudos{Kudos: k}, nil),
			"mine": kudosMine(Reader{}, bot.MyKudos{Given: list, Received: list, People: people, Page: 7, Older: true}, kudosUndone(bot.ChangedKudos{Kudos: k}).Text), "twin": kudosTwin("<@U1> " + text),
			"short": kudosRefused(bot.KudosInput{Fault: bot.KudosTooShort, Message: text}, text, limits),
		} {
			sealed, err := m.seal()
			if err != nil {
				t.Errorf("%s, %s: %v", name, view, err)
				continue
			}
			if name != "one word" || view == "mine" {
				continue
			}
			if all := unescapedJSON(t, sealed.Blocks); !strings.Contains(strings.ReplaceAll(all, `"},"type":"section"},{"text":{"text":"`, ""), text) {
				t.Errorf("%s does not say all of it", view)
			}
		}
		for view, m := range map[string]Modal{
			"form": kudosForm(kudosDraft{Input: bot.KudosInput{Message: text, Recipients: append(to, "U1")}}, w, limits), "edit": kudosEdit(k, people, kudosEditFrom{Channel: "C1"}, limits),
		} {
			if _, err := m.seal(); err != nil {
				t.Errorf("%s, %s: %v", name, view, err)
			}
		}
	}
}

func TestAButtonOffersOnlyWhatItCanCarry(t *testing.T) {
	for _, tt := range []struct {
		typed   string
		buttons bool
	}{{"<@U1> thx", true}, {strings.Repeat("a", buttonText), true}, {strings.Repeat("&amp;", 400), false}, {strings.Repeat("a", buttonText+1), false}} {
		m := kudosTwin(tt.typed)
		if _, err := m.seal(); err != nil {
			t.Errorf("%d characters: %v", utf8.RuneCountInString(tt.typed), err)
		}
		if got := strings.Contains(written(m.Blocks), "kudos.again"); got != tt.buttons {
			t.Errorf("%d characters: buttons %v", utf8.RuneCountInString(tt.typed), got)
		}
		if asks := strings.Contains(m.Text, "Send it again?"); asks != tt.buttons || asks == strings.Contains(m.Text, "Change a word to send it again") {
			t.Errorf("%d characters: it says %q", utf8.RuneCountInString(tt.typed), m.Text)
		}
	}
}

func TestEveryFaultOfKudosHasWords(t *testing.T) {
	for _, code := range []bot.FaultCode{
		bot.KudosNoRecipient, bot.KudosTooMany, bot.KudosTooShort, bot.KudosTooLong, bot.KudosGroupsOff, bot.KudosGroupEmpty, bot.KudosGroupLarge, bot.KudosOnlySelf,
		bot.KudosNobody, bot.KudosLimit, bot.KudosTwin, bot.KudosNothing, bot.DigestOutside, bot.DigestShared, bot.DigestGuest,
	} {
		if got := kudosFaultSentence(&bot.Fault{Code: code, Limit: 10}, nil); got == wordsWrong || got == "" {
			t.Errorf("%s: %q", code, got)
		}
	}
	for _, place := range []bot.KudosPlace{bot.PlaceChannel, bot.PlacePrivate, bot.PlaceNowhere, bot.PlaceOutside, bot.PlaceShared, bot.PlaceQuiet} {
		if kudosPlaces[place] == "" {
			t.Errorf("%s has no words", place)
		}
	}
}

func TestAPrivateNotesTextNamesTheKindAlone(t *testing.T) {
	n := bot.KudosNote{Kudos: viewKudos(), Reader: bot.Member{ID: "UBOB"}, People: viewPeople()}
	if text := kudosNote(n, 0).Text; strings.Contains(text, "customer") {
		t.Errorf("a lock screen shows %q", text)
	}
}

func TestNextDigest(t *testing.T) {
	d := bot.Digest{Weekday: time.Friday, Minute: 15 * 60, Zone: "Europe/Berlin"}
	for after, want := range map[string]string{
		"2026-03-25T09:00:00Z": "2026-03-27T14:00:00Z", "2026-03-27T13:59:59Z": "2026-03-27T14:00:00Z",
		"2026-03-27T14:00:00Z": "2026-04-03T13:00:00Z", // the clocks change in between
	} {
		at, err := time.Parse(time.RFC3339, after)
		if err != nil {
			t.Fatal(err)
		}
		if got := nextDigest(d, at).UTC().Format(time.RFC3339); got != want {
			t.Errorf("after %s: %s, want %s", after, got, want)
		}
	}
}

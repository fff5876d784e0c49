package storage_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/redis/go-redis/v9"

	"rapport/bot"
	"rapport/storage"
	"rapport/storage/redistest"
)

// whisper stands in the words of every kudos that is not for everybody, and nowhere else.
const whisper = "hummingbird"

// whispered are kudos of each kind that is not for everybody.
func whispered() []bot.Kudos {
	k := bot.Kudos{
		Giver: "UANA", Recipients: []string{"UBEN"}, Message: "for the " + whisper + " & <@UEVA>", Value: "trust", Channel: "C1", Given: exported,
		About: "https://acme.slack.com/archives/C1/p1?" + whisper,
	}
	private, closed, nowhere, reacted := k, k, k, k
	private.ID, private.Private = "private", true
	closed.ID, closed.Posted, closed.Closed = "closed", true, true
	nowhere.ID, nowhere.Channel = "nowhere", ""
	reacted.ID, reacted.Message, reacted.Reaction, reacted.Posted, reacted.Closed = "reacted", "", whisper, true, true
	return []bot.Kudos{private, closed, nowhere, reacted}
}

// whisperAll gives them.
func whisperAll(t *testing.T, s *storage.Store) {
	t.Helper()
	for _, k := range whispered() {
		k.Twin = true
		_, err := s.AddKudos(t.Context(), bot.Token(k.ID), k, quota, nil)
		must(t, err)
	}
}

// heard expects that they are all there as they were given, in every list that they belong to.
func heard(t *testing.T, s *storage.Store) {
	t.Helper()
	want := map[string]bot.Kudos{}
	for _, k := range whispered() {
		k.Version = 1
		want[k.ID] = k
	}
	same := func(where string, k bot.Kudos) {
		if got, expected := fmt.Sprintf("%+v", k), fmt.Sprintf("%+v", want[k.ID]); got != expected {
			t.Errorf("%s: %s, want %s", where, got, expected)
		}
	}
	for id := range want {
		k, err := s.Kudos(t.Context(), id)
		must(t, err)
		same("alone", k)
	}
	given, _, err := s.MemberKudos(t.Context(), "UANA", 100)
	must(t, err)
	_, received, err := s.MemberKudos(t.Context(), "UBEN", 100)
	must(t, err)
	in, err := s.ChannelKudos(t.Context(), "C1", exported, exported.AddDate(0, 0, 1))
	must(t, err)
	last, err := s.LastGiven(t.Context(), "UANA")
	must(t, err)
	if len(given) != len(want) || len(received) != len(want) || len(in) != 2 || last.ID == "" {
		t.Errorf("%d given, %d received, %d in the channel, the last is %q", len(given), len(received), len(in), last.ID)
	}
	for _, k := range append(append(append(given, received...), in...), last.Kudos) {
		same("in a list", k)
	}
}

// exportOf is an export of the workspace, made without a key.
func exportOf(t *testing.T, v vault) []byte {
	t.Helper()
	var file bytes.Buffer
	v.server(storage.Keyring{}, func(server *storage.Server) {
		_, err := server.Export(t.Context(), exportTeam, &file, "test")
		must(t, err)
	})
	return file.Bytes()
}

func TestKudosThatAreNotForEverybodyAreSealed(t *testing.T) {
	everyVault(t, func(t *testing.T, from vault) {
		from.with(onlyA, func(s *storage.Store) {
			whisperAll(t, s)
			heard(t, s)
			_, err := s.AddKudos(t.Context(), "public", bot.Kudos{
				ID: "public", Giver: "UEVA", Recipients: []string{"UCYN"}, Message: "for the goldcrest", Channel: "C2", Posted: true, Given: exported,
			}, quota, nil)
			must(t, err)
		})
		from.refuses(onlyB)
		file := exportOf(t, from)
		if text := string(file); strings.Contains(text, whisper) || !strings.Contains(text, "goldcrest") || !strings.Contains(text, "UBEN") {
			t.Errorf("the export reads\n%s", text)
		}
		everyVault(t, func(t *testing.T, to vault) {
			to.server(onlyB, func(server *storage.Server) {
				_, err := server.Import(t.Context(), bytes.NewReader(file), storage.ImportOptions{})
				is(t, err, storage.ErrOtherKey)
			})
			to.server(onlyA, func(server *storage.Server) {
				_, err := server.Import(t.Context(), bytes.NewReader(file), storage.ImportOptions{})
				must(t, err)
			})
			to.with(onlyA, func(s *storage.Store) { heard(t, s) })
		})
	})
}

func TestASealedKudosIsEditedHiddenAndTakenBack(t *testing.T) {
	everyStore(t, func(t *testing.T, s *storage.Store, c *clock) {
		whisperAll(t, s)
		k, err := s.Kudos(t.Context(), "closed")
		must(t, err)
		k.Message, k.Edited = "for the "+whisper+", again", c.Now()
		must(t, s.ReplaceKudos(t.Context(), "edit", k, nil, nil))
		k, err = s.Kudos(t.Context(), "closed")
		must(t, err)
		if k.Message != "for the "+whisper+", again" || k.About == "" || k.Version != 2 {
			t.Errorf("edited: %+v", k)
		}
		k.Hidden = []string{"UBEN"}
		must(t, s.ReplaceKudos(t.Context(), "hide", k, nil, nil))
		k, err = s.Kudos(t.Context(), "closed")
		must(t, err)
		if k.Message == "" || len(k.Hidden) != 1 {
			t.Errorf("hidden: %+v", k)
		}
		k.Undone, k.Message, k.About = c.Now(), "", ""
		must(t, s.ReplaceKudos(t.Context(), "undo", k, nil, nil))
		k, err = s.Kudos(t.Context(), "closed")
		must(t, err)
		if k.Message != "" || k.About != "" || k.Undone.IsZero() {
			t.Errorf("taken back: %+v", k)
		}
	})
}

// kudosField is the hash and the field in which a kudos is stored.
func kudosField(id string) (key, field string) {
	sum := 0
	for i := range len(id) {
		sum += int(id[i])
	}
	return fmt.Sprintf("rapport:{%s}:kudos:%d", exportTeam, sum%16), id
}

// onServer opens a store on a Redis of its own, and a client that looks at it from outside.
func onServer(t *testing.T) (vault, *redis.Client) {
	t.Helper()
	server := redistest.Start(t, redistest.Options{})
	client := server.Client()
	return vault{t, storage.Options{URL: server.URL(), Team: exportTeam, Now: (&clock{now: exported}).Now}}, client
}

func TestKudosFromBeforeTheyWereSealedAreReadAndSealed(t *testing.T) {
	v, client := onServer(t)
	v.with(onlyA, func(s *storage.Store) { whisperAll(t, s) })
	for _, k := range whispered() {
		k.Version = 1
		plain, err := json.Marshal(k)
		must(t, err)
		key, field := kudosField(k.ID)
		must(t, client.HSet(t.Context(), key, field, "1 "+string(plain)).Err())
	}
	if !readsAnywhere(t, client, whisper) {
		t.Fatal("nothing is stored as it was before, so this proves nothing")
	}
	v.with(onlyA, func(s *storage.Store) { heard(t, s) })
	done, err := v.reseal(onlyA, storage.ResealOptions{})
	must(t, err)
	if done.Sealed != len(whispered()) || done.Before != 0 || done.Unreadable != 0 {
		t.Errorf("sealed anew %+v", done)
	}
	if readsAnywhere(t, client, whisper) {
		t.Error("words stand there as before")
	}
	v.with(onlyA, func(s *storage.Store) { heard(t, s) })
	done, err = v.reseal(onlyA, storage.ResealOptions{})
	must(t, err)
	if done.Sealed != 0 || done.Before != len(whispered()) {
		t.Errorf("the second time %+v", done)
	}
}

// readsAnywhere reports whether a word stands in any key or value of a server.
func readsAnywhere(t *testing.T, client *redis.Client, word string) bool {
	t.Helper()
	dump, err := everything(t.Context(), client)
	must(t, err)
	return strings.Contains(dump, word)
}

// everything is all keys and values of a server.
func everything(ctx context.Context, client *redis.Client) (string, error) {
	var all strings.Builder
	names, err := client.Keys(ctx, "*").Result()
	for _, key := range names {
		kind, typeErr := client.Type(ctx, key).Result()
		if typeErr != nil {
			return "", typeErr
		}
		var value any
		switch kind {
		case "string":
			value, err = client.Get(ctx, key).Result()
		case "hash":
			value, err = client.HGetAll(ctx, key).Result()
		case "set":
			value, err = client.SMembers(ctx, key).Result()
		default:
			value, err = client.ZRange(ctx, key, 0, -1).Result()
		}
		if err != nil {
			return "", err
		}
		fmt.Fprintln(&all, key, value)
	}
	return all.String(), err
}

func TestSealedKudosGetAnotherKey(t *testing.T) {
	everyVault(t, func(t *testing.T, v vault) {
		v.with(onlyA, func(s *storage.Store) { whisperAll(t, s) })
		v.with(fromAToB, func(s *storage.Store) { heard(t, s) })
		done, err := v.reseal(fromAToB, storage.ResealOptions{})
		must(t, err)
		if done.Sealed != len(whispered()) || done.Unreadable != 0 || done.Deleted != 0 {
			t.Errorf("sealed anew %+v", done)
		}
		v.refuses(onlyA)
		v.with(onlyB, func(s *storage.Store) { heard(t, s) })
	})
}

func TestALostKeyTakesItsKudosAlong(t *testing.T) {
	everyVault(t, func(t *testing.T, v vault) {
		v.with(onlyA, func(s *storage.Store) {
			whisperAll(t, s)
			_, err := s.AddKudos(t.Context(), "public", bot.Kudos{ID: "public", Giver: "UEVA", Recipients: []string{"UBEN"}, Message: "kept", Channel: "C1", Posted: true, Given: exported}, quota, nil)
			must(t, err)
		})
		v.refuses(onlyB)
		done, err := v.reseal(onlyB, storage.ResealOptions{DeleteUnreadable: true})
		must(t, err)
		if done.Deleted != len(whispered()) || done.Unreadable != 0 {
			t.Errorf("sealed anew %+v", done)
		}
		v.with(onlyB, func(s *storage.Store) {
			given, _, err := s.MemberKudos(t.Context(), "UANA", 10)
			must(t, err)
			_, received, err := s.MemberKudos(t.Context(), "UBEN", 10)
			must(t, err)
			if len(given) != 0 || len(received) != 1 || received[0].Message != "kept" {
				t.Errorf("%d given, received %+v", len(given), received)
			}
		})
	})
}

// Words that no key opens are said to be so. They are kept through every change but their giver's own, and never mistaken for none.
func TestWordsThatNoKeyOpensAreKept(t *testing.T) {
	v, client := onServer(t)
	var sealed string
	key, field := kudosField("closed")
	v.with(onlyA, func(s *storage.Store) {
		whisperAll(t, s)
		other, otherField := kudosField("private")
		foreign, err := client.HGet(t.Context(), other, otherField).Result()
		must(t, err)
		own, err := client.HGet(t.Context(), key, field).Result()
		must(t, err)
		sealed = sealedIn(t, foreign)
		must(t, client.HSet(t.Context(), key, field, strings.Replace(own, sealedIn(t, own), sealed, 1)).Err()) // moved into another record, it does not open
		k, err := s.Kudos(t.Context(), "closed")
		must(t, err)
		if k.Unreadable == "" || k.Message != "" || k.Giver != "UANA" {
			t.Fatalf("read as %+v", k)
		}
		given, _, err := s.MemberKudos(t.Context(), "UANA", 100)
		must(t, err)
		if len(given) != len(whispered()) {
			t.Errorf("%d are listed", len(given))
		}
		k.Hidden = []string{"UBEN"}
		must(t, s.ReplaceKudos(t.Context(), "hide", k, nil, nil))
		stored, err := client.HGet(t.Context(), key, field).Result()
		must(t, err)
		if sealedIn(t, stored) != sealed {
			t.Errorf("after a change stands %q", stored)
		}
	})
	done, err := v.reseal(onlyA, storage.ResealOptions{})
	must(t, err)
	if done.Unreadable != 1 || done.Before != len(whispered())-1 {
		t.Errorf("sealed anew %+v", done)
	}
	v.with(onlyA, func(s *storage.Store) {
		k, err := s.Kudos(t.Context(), "closed")
		must(t, err)
		k.Undone = exported
		must(t, s.ReplaceKudos(t.Context(), "undo", k, nil, nil))
		stored, err := client.HGet(t.Context(), key, field).Result()
		must(t, err)
		if strings.Contains(stored, sealed) {
			t.Errorf("taken back, it still holds its words: %q", stored)
		}
	})
}

// sealedIn is what stands sealed in a stored value.
func sealedIn(t *testing.T, stored string) string {
	t.Helper()
	at := strings.Index(stored, onlyA.Current+":")
	if at < 0 {
		t.Fatalf("nothing is sealed in %q", stored)
	}
	text, _, _ := strings.Cut(stored[at:], `"`)
	return text
}

// Who looks at the names of keys cannot try words on them.
func TestATwinsNameSaysNothing(t *testing.T) {
	v, client := onServer(t)
	k := whispered()[0]
	v.with(onlyA, func(s *storage.Store) {
		_, err := s.AddKudos(t.Context(), "one", k, quota, nil)
		must(t, err)
	})
	names, err := client.Keys(t.Context(), "*:twin:*").Result()
	must(t, err)
	sum := sha256.Sum256([]byte(k.Giver + "\n" + strings.Join(k.Recipients, " ") + "\n" + k.Message))
	if len(names) != 1 || strings.Contains(names[0], hex.EncodeToString(sum[:4])) {
		t.Errorf("twins are %v", names)
	}
	v.with(onlyA, func(s *storage.Store) { // another process with the same key knows it
		again := k
		again.ID = "again"
		_, err := s.AddKudos(t.Context(), "two", again, quota, nil)
		is(t, err, bot.ErrRepeated)
	})
}

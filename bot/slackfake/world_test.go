package slackfake

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

// TestCrowd pages through a workspace of many people and DMs. What it costs is in BenchmarkCrowd.
func TestCrowd(t *testing.T) {
	const people, dms = 10_000, 5_000
	o := openOffice(t)
	ids := o.crowd(people)
	got, pages := o.ids("users.list", "members", "id", in{"limit": "1000"})
	if len(got) != people+8 || pages != people/1000+1 || got[3] != ids[0] || got[people+2] != ids[people-1] {
		t.Errorf("%d people in %d pages, the fourth %s", len(got), pages, got[3])
	}
	if members, _ := o.ids("conversations.members", "members", "", in{"channel": "CGEN", "limit": "1000"}); len(members) != people+4 {
		t.Errorf("%d members", len(members))
	}
	row{error: "limit_required"}.check(t, o.form("users.list", nil))

	o.mu.Lock()
	for _, id := range ids[:dms] {
		if _, made := o.world.dm(monday, o.app.botUser, id); !made {
			t.Fatal("a new person has a DM already")
		}
	}
	for _, id := range ids[:dms] {
		if c, made := o.world.dm(monday, id, o.app.botUser); made || !c.has(id) {
			t.Fatal("the same people, another DM")
		}
	}
	if general := o.world.channels["CGEN"]; !general.has(ids[people-1]) || general.has("UNONE") {
		t.Error("membership is wrong")
	}
	o.mu.Unlock()
	if all, pages := o.ids("users.conversations", "channels", "id", in{"types": "im", "limit": "1000"}); len(all) != dms || pages != dms/1000 {
		t.Errorf("%d DMs in %d pages", len(all), pages)
	}
}

// crowd adds people who are all in #general, and returns their ids in order.
func (o *office) crowd(people int) []string {
	o.mu.Lock()
	defer o.mu.Unlock()
	general := o.world.channels["CGEN"]
	ids := make([]string, people)
	for i := range ids {
		u := o.addUser(&User{Name: "ana", RealName: "Ana " + fmt.Sprint(i), Email: fmt.Sprintf("a%d@acme.example", i), TZ: "Asia/Tokyo"})
		ids[i] = u.ID
		o.join(general, u.ID)
	}
	return ids
}

// BenchmarkCrowd pages through the people of a small and of a large workspace, a thousand a page. ratio is how much longer a page takes in the large one: about
// one where a page costs what is on it, a hundred where it costs the workspace.
func BenchmarkCrowd(b *testing.B) {
	const small, large = 1_000, 100_000
	perPage := func(people int) float64 {
		o := openOffice(b)
		o.crowd(people)
		start := time.Now()
		_, pages := o.ids("users.list", "members", "id", in{"limit": "1000"})
		return time.Since(start).Seconds() * 1000 / float64(pages)
	}
	for b.Loop() {
		few, many := perPage(small), perPage(large)
		b.ReportMetric(few, "small-ms/page")
		b.ReportMetric(many, "large-ms/page")
		b.ReportMetric(many/few, "ratio")
	}
}

func TestChangeUser(t *testing.T) {
	o := openOffice(t)
	o.mu.Lock()
	defer o.mu.Unlock()
	ana := *o.world.users["UANA"]
	ana.Name, ana.Email, ana.Deleted = "anna", "anna@acme.example", true
	changed := o.changeUser(&ana)
	if o.world.user("@anna") != changed || o.world.user("ana") != nil || o.world.emails["ana@acme.example"] != nil || o.world.users["UANA"] != changed {
		t.Error("the old names are still known, or the new are not")
	}
	if at, ok := o.world.userPosition("UANA"); !ok || at != 0 {
		t.Errorf("moved to %d in users.list", at)
	}
	changed.Name = "ana" // changed in place
	if o.changeUser(changed); o.world.user("ana") != changed || o.world.user("anna") != nil {
		t.Error("a change in place is not known")
	}
	if other := o.addUser(&User{Name: "ben"}); other.Name != "ben2" {
		t.Errorf("a second ben is called %q", other.Name)
	}
	if again := o.changeUser(o.world.users["UBEN"]); again.Name != "ben" {
		t.Errorf("ben became %q", again.Name)
	}
}

func TestJoinAndLeave(t *testing.T) {
	o := openOffice(t)
	o.mu.Lock()
	defer o.mu.Unlock()
	random := o.world.channels["CRAND"]
	for i := range 40 { // past the size where membership becomes a set
		u := o.addUser(&User{Name: fmt.Sprintf("p%d", i)})
		if !o.join(random, u.ID) || o.join(random, u.ID) {
			t.Fatal("a first join failed, or a second one did not")
		}
	}
	if !o.join(random, "UBEN") || !random.has("UBEN") {
		t.Error("ben did not join")
	}
	var names []string
	for _, c := range o.world.placesOf("UBEN") {
		names = append(names, c.ID)
	}
	if !slices.Equal(names, words("CGEN CRAND CCLOSED")) {
		t.Errorf("ben is in %v", names)
	}
	if !o.leave(random, "UBEN") || o.leave(random, "UBEN") || random.has("UBEN") || len(o.world.placesOf("UBEN")) != 2 {
		t.Error("ben did not leave")
	}
	if first := random.Members[0]; first != "UANA" {
		t.Errorf("members are out of order: %v", first)
	}
}

func TestDMOfTwoAndMore(t *testing.T) {
	o := openOffice(t)
	o.mu.Lock()
	defer o.mu.Unlock()
	two, _ := o.world.dm(monday, "UANA", "UBEN", "UANA")
	three, _ := o.world.dm(monday, "UANA", "UBEN", "UCY")
	if two.Kind != DM || three.Kind != GroupDM || three.Name != "mpdm-ana--ben--cy-1" || !strings.HasPrefix(three.ID, "G") {
		t.Errorf("%+v, %+v", two, three)
	}
}

func TestMessagesStandInOrder(t *testing.T) {
	o := openOffice(t)
	o.mu.Lock()
	defer o.mu.Unlock()
	c := o.world.channels["CGEN"]
	now := o.addMessage(c, &Message{User: "UANA", Text: "now"})
	history := o.addMessage(c, &Message{User: "UANA", Text: "history", TS: tsOf(monday.Add(-time.Hour).UnixMicro())})
	twin := o.addMessage(c, &Message{User: "UANA", Text: "twin"})
	if c.messages[0] != history || c.messages[1] != now || c.messages[2] != twin {
		t.Errorf("out of order: %v", c.messages)
	}
	if now.TS >= twin.TS {
		t.Errorf("%s is not before %s", now.TS, twin.TS)
	}
	for _, m := range []*Message{history, now, twin} {
		if o.world.message("CGEN", m.TS) != m {
			t.Errorf("%s is not found", m.Text)
		}
	}
	o.deleteMessage(now)
	if o.world.message("CGEN", now.TS) != nil || len(c.messages) != 3 {
		t.Error("a deleted message is still found, or no longer on record")
	}
}

func TestAvatar(t *testing.T) {
	o := openOffice(t)
	picture, _ := dig(o.must("users.info", in{"user": "UANA"}), "user.profile.image_72").(string)
	if got := fetch(t, picture); !strings.Contains(got, ">AS<") {
		t.Errorf("%s", got)
	}
}

package slackapp

import (
	"context"
	"encoding/csv"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"rapport/bot"
)

func (s *kudosShelf) AddReport(ctx context.Context, token bot.Token, k bot.Kudos, _ bot.Report, _ bot.KudosQuota, intents bot.Intents) error {
	return s.ReplaceKudos(ctx, token, k, nil, intents)
}

func (s *kudosShelf) Reports(context.Context, string, ...string) ([]bot.Report, error) {
	return nil, nil
}

func (s *kudosShelf) SettleReports(context.Context, bot.Token, *bot.Kudos, *bot.KudosQuota, []bot.Report, bot.ReportNote, bot.Intents) error {
	return nil
}

func (s *kudosShelf) AllMembers(context.Context) ([]bot.Member, error) {
	return []bot.Member{{ID: "UADMIN", Admin: true}}, nil
}

func (s *kudosShelf) KudosUntil(ctx context.Context, member string, given bool, until time.Time, limit int) ([]bot.Kudos, bool, error) {
	list, received, err := s.MemberKudos(ctx, member, len(s.kudos))
	if !given {
		list = received
	}
	list = slices.DeleteFunc(list, func(k bot.Kudos) bool { return !until.IsZero() && k.Given.After(until) })
	slices.SortFunc(list, func(a, b bot.Kudos) int { return b.Given.Compare(a.Given) })
	return list[:min(limit, len(list))], len(list) >= limit, err
}

// viewMine is a page with one of everything.
func viewMine() bot.MyKudos {
	k := viewKudos()
	private, hidden, team, reaction, lost := k, k, k, k, k
	private.Private, private.Posted = true, false
	hidden.Hidden = []string{"UBOB"}
	team.Team, team.TeamName = "S1", "On call & <!here>"
	reaction.Reaction, reaction.Message = "clap", ""
	lost.Message, lost.Unreadable = "", "k1:x"
	return bot.MyKudos{
		Given: []bot.Kudos{k, private, team, reaction, lost}, Received: []bot.Kudos{k, private, hidden, team, reaction, lost}, Page: 1, Older: true,
		Reader: bot.Member{ID: "UBOB"}, People: viewPeople(),
	}
}

func viewReport() bot.ReportedKudos {
	return bot.ReportedKudos{
		Kudos: viewKudos(), Reader: bot.Member{ID: "UADMIN"}, People: viewPeople(),
		Report: bot.Report{Kudos: "k1", By: "UCYN", Giver: "UANA", Words: "it names &lt;@UBOB&gt;\nand <!channel> that is unkind", At: wednesday, Admins: []string{"UADMIN", "UDEE"}},
	}
}

func TestWhatIsSaidOfReportsLooksAsItDid(t *testing.T) {
	ask := viewReport()
	left := ask
	left.Report.Looked, left.Report.LookedBy = wednesday, "UDEE"
	closed := ask
	closed.Kudos.Closed = true
	private := ask
	private.Kudos.Private, private.Kudos.Posted, private.Report.Words = true, false, ""
	down := left
	down.Report.Down, down.Kudos.Undone, down.Kudos.Message = true, wednesday, ""
	back := down
	back.Report.Down = false
	for name, m := range map[string]Message{
		"report_asked": reportedKudos(ask), "report_left": reportedKudos(left), "report_private": reportedKudos(private), "report_closed": reportedKudos(closed),
		"report_down": reportedKudos(down), "report_taken_back": reportedKudos(back), "report_answer": reportAnswer(), "kudos_taken": kudosTaken(bot.KudosTaken{Kudos: down.Kudos}),
	} {
		sealed, err := m.seal()
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		golden(t, name, sealed)
		for _, bad := range []string{"<!", "<@UDEE|"} {
			if all := unescapedJSON(t, sealed.Blocks); strings.Contains(all, bad) {
				t.Errorf("%s holds %q:\n%s", name, bad, all)
			}
		}
		if strings.Contains(sealed.Text, "customer") || strings.Contains(sealed.Text, "unkind") {
			t.Errorf("%s: a lock screen shows %q", name, sealed.Text)
		}
	}
	if all := unescapedJSON(t, reportAnswer().Blocks); strings.Contains(all, "UANA") || strings.Contains(all, "UDEE") || strings.Contains(all, "taken") {
		t.Errorf("the answer says too much: %s", all)
	}
	few := viewKudos()
	few.Private = true
	for name, m := range map[string]Modal{
		"report_form":         reportForm(bot.ReportWish{Kudos: viewKudos(), Admins: []string{"UADMIN", "UDEE"}, People: viewPeople()}, "CPUB"),
		"report_form_private": reportForm(bot.ReportWish{Kudos: few, Admins: []string{"UADMIN"}, People: viewPeople()}, ""),
		"report_made":         reportMade(viewReport().Report),
		"kudos_mine_modal":    kudosMineModal(Reader{Zone: time.UTC}, viewMine(), "Your name is hidden in the channel and its digest. Nobody is told."),
		"kudos_table":         kudosTable(tablePart{Pieces: []string{"when,direction\n", "x,y\n"}, Page: 1, More: true}, true, tableFailed),
		"kudos_table_copy":    kudosTable(tablePart{Pieces: []string{"when,direction\n"}}, false, ""),
	} {
		sealed, err := m.seal()
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		golden(t, name, sealed)
	}
}

func TestTheLongestReportFits(t *testing.T) {
	for name, text := range map[string]string{"emoji": strings.Repeat("🎉", 1000), "ampersands": strings.Repeat("&amp;", 1000), "lines": strings.Repeat("a\n", 499) + "a", "one word": strings.Repeat("a", 1000)} {
		c := viewReport()
		c.Kudos.Message, c.Report.Words, c.Report.Admins = text, bot.CutText(text, bot.ReportWords), nil
		for n := range 10 {
			c.Report.Admins = append(c.Report.Admins, fmt.Sprintf("U%010d", n))
			c.Kudos.Recipients = append(c.Kudos.Recipients, fmt.Sprintf("W%010d", n))
		}
		if _, err := reportedKudos(c).seal(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if _, err := reportForm(bot.ReportWish{Kudos: c.Kudos, Admins: c.Report.Admins}, "C1").seal(); err != nil {
			t.Errorf("%s, form: %v", name, err)
		}
	}
}

func TestATablesCellIsNoFormula(t *testing.T) {
	for text, want := range map[string]string{
		"": "", "plain": "plain", "=1+1": "'=1+1", "+49 30": "'+49 30", "-1": "'-1", "@ana": "'@ana", "\tx": "'\tx", "\rx": "'\rx", "\n=1": "'\n'=1", "＝1": "'＝1",
		"a\n=1": "a\n'=1", "a;=1": "a;'=1", "a\t＠b": "a\t'＠b", "a\r\n- b": "a\r\n'- b", "a ;-) b": "a ;-) b", "a; -1, b=1": "a; -1, b=1", "\xff=1": "\xff=1",
		"a=1": "a=1", "'=1": "'=1", "é": "é", "–": "–",
	} {
		if got := tableCell(text); got != want {
			t.Errorf("%q becomes %q, want %q", text, got, want)
		}
	}
}

// lines are kudos as a table's rows say them.
func lines() []bot.MyLine {
	k := viewKudos()
	private, team, reaction, lost, formula := k, k, k, k, k
	private.Private, private.Posted = true, false
	team.Team, team.TeamName = "S1", "On call, nights"
	reaction.Reaction, reaction.Message = "clap", ""
	lost.Message, lost.Unreadable = "", "k1:x"
	formula.Message = "=HYPERLINK(\"https://x.y\")\nand \"more\", <@UCYN>"
	return []bot.MyLine{
		{Kudos: k, Received: true, Channel: bot.Channel{ID: "CPUB", Name: "kudos"}, Link: "https://acme.slack.com/archives/CPUB/p1"},
		{Kudos: private},
		{Kudos: team},
		{Kudos: reaction},
		{Kudos: lost},
		{Kudos: formula, Received: true},
	}
}

func TestATableReadsBackAsItWasWritten(t *testing.T) {
	var cutter tableCutter
	cutter.add(mineColumns)
	var want [][]string
	for _, l := range lines() {
		want = append(want, mineRow(Reader{Zone: firstZone("America/New_York")}, l, viewPeople(), 0))
		cutter.add(want[len(want)-1])
	}
	text := strings.Join(cutter.kept(), "")
	got, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil || len(got) != len(want)+1 || !slices.Equal(got[0], mineColumns) {
		t.Fatalf("%d rows, %v, of\n%s", len(got), err, text)
	}
	for i := range want {
		if !slices.Equal(got[i+1], want[i]) {
			t.Errorf("row %d reads %q, want %q", i, got[i+1], want[i])
		}
	}
	if !strings.HasSuffix(got[1][0], "-04:00") || got[1][1] != "received" || got[1][6] != "#kudos" || !strings.Contains(got[1][7], "سين ليلى") || strings.Contains(text, "<@UCYN") {
		t.Errorf("the first row is %q", got[1])
	}
	if got[2][5] != "yes" || got[3][3] != "On call, nights" || got[4][7] != ":clap: on "+viewKudos().About || !strings.Contains(got[5][7], "cannot be read") || !strings.HasPrefix(got[6][7], "'=HYPERLINK") {
		t.Errorf("the others are\n%s", text)
	}
}

func TestTheWindowHasTheWholeTableInItsParts(t *testing.T) {
	k, s := newKudosNoun(t)
	n := &KudosSay{Use: k.Use, Settings: k.Settings}
	const many = 60
	for i := range many {
		id := fmt.Sprint("k", i)
		s.kudos[id] = bot.Kudos{ID: id, Giver: "UANA", Recipients: []string{"UBOB"}, Message: strings.Repeat("é\"", 400) + id, Given: wednesday.Add(time.Duration(i) * time.Minute)}
	}
	var all strings.Builder
	for page, more := 0, true; more; page++ {
		part, err := n.cutTable(t.Context(), "UBOB", page)
		if err != nil || len(part.Pieces) == 0 || page > many {
			t.Fatalf("part %d: %+v, %v", page, part, err)
		}
		if _, err := kudosTable(part, true, tableFailed).seal(); err != nil {
			t.Errorf("part %d: %v", page, err)
		}
		for _, piece := range part.Pieces {
			if utf8.RuneCountInString(piece) > maxInputText {
				t.Errorf("part %d has a piece of %d characters", page, utf8.RuneCountInString(piece))
			}
			all.WriteString(piece)
		}
		more = part.More
	}
	rows, err := csv.NewReader(strings.NewReader(all.String())).ReadAll()
	if err != nil || len(rows) != many+1 {
		t.Fatalf("%d rows, %v", len(rows), err)
	}
	var whole strings.Builder
	if err := n.writeMine(t.Context(), "UBOB", &whole); err != nil || whole.String() != all.String() {
		t.Errorf("the file has %d bytes, the window %d, %v", whole.Len(), all.Len(), err)
	}
	if part, err := n.cutTable(t.Context(), "UDEE", 0); err != nil || len(part.Pieces) != 1 || part.More {
		t.Errorf("of nobody: %+v, %v", part, err)
	}
	if part, err := n.cutTable(t.Context(), "UBOB", 1000); err != nil || part.More || len(part.Pieces) > 0 {
		t.Errorf("beyond the end: %+v, %v", part, err)
	}
}

func TestWhatIsWrongWithAReportHasWords(t *testing.T) {
	for _, code := range []bot.FaultCode{bot.ReportOwn, bot.ReportAgain, bot.ReportLimit, bot.ReportLong, bot.ReportNobody, bot.KudosShowLate} {
		if got := faultSentence(Reader{}, &bot.Fault{Code: code, Limit: 5}); got == wordsWrong || got == "" {
			t.Errorf("%s: %q", code, got)
		}
	}
}

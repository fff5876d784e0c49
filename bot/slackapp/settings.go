package slackapp

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"rapport/bot"
	"rapport/bot/when"
)

// Settings answers everything about a person's own settings. All fields are required.
type Settings struct {
	Client *Client
	Use    *bot.Host
	When   func(ctx context.Context, now time.Time, member string) (when.Context, error)
	Home   *HomeTab
}

// The form's inputs; the hours are one for each weekday.
const (
	settingsZone     = "settings_zone"
	settingsHours    = "settings_hours_"
	settingsHolidays = "settings_holidays"
	settingsPause    = "settings_pause"
	settingsKudos    = "settings_kudos"
	settingsKinds    = "settings_kinds"
	settingsHelp     = "settings_help"
	settingsReview   = "settings_review"
)

// slackZone is the option "as in Slack".
const slackZone = "slack"

// Routes implements [Noun].
func (s *Settings) Routes() []Route {
	return []Route{
		{Kind: OnCommand, Name: "/rapport settings", Handle: s.open},
		{Kind: OnCommand, Name: "/rapport pause", Handle: s.pause},
		{Kind: OnCommand, Name: "/rapport resume", Handle: s.resume},
		{Kind: OnCommand, Name: "/rapport privacy", Handle: s.privacy},
		{Kind: OnAction, Name: "settings.open", Handle: s.open},
		{Kind: OnAction, Name: "settings.practice", Handle: s.practice},
		{Kind: OnAction, Name: "settings.resume", Handle: s.resume},
		{Kind: OnAction, Name: "home.privacy", Handle: s.privacy},
		{Kind: OnSubmit, Name: "settings.save", Handle: s.submit},
	}
}

func (s *Settings) open(_ context.Context, r Request) (Response, error) {
	return s.Client.opening(r, "My settings", func(ctx context.Context) (Modal, error) {
		known, err := s.Use.SceneOf(ctx, r.User)
		if err != nil {
			return Modal{}, err
		}
		in, err := s.When(ctx, r.Now, r.User)
		if err != nil {
			return Modal{}, err
		}
		p := known.Preferences[r.User]
		form := settingsForm(p, in.Zone.String(), when.DateOf(r.Now.In(in.Zone)))
		offerCalendars(&form, p, known.Calendars, in.Zone.String())
		form.Blocks = append(form.Blocks, departmentInput(known.Members[r.User], p, s.Use.Settings.Current().Departments)...)
		return form, nil
	}), nil
}

func (s *Settings) submit(ctx context.Context, r Request) (Response, error) {
	week, problems := formWeek(r.Values)
	if len(problems) > 0 {
		return Response{Ack: InputErrors(problems)}, nil
	}
	pause, _ := r.Values.Date(settingsPause)
	p, err := s.Use.Set(ctx, r.Now, r.Token, r.User, func(p *bot.Preferences) {
		if p.Zone = r.Values.Option(settingsZone); p.Zone == slackZone {
			p.Zone = ""
		}
		p.Hours = week
		p.Holidays = chosenHolidays(r.Values.Option(settingsHolidays))
		p.PausedTill = pause
		if _, asked := r.Values[settingsDepartment]; asked { // a form that was opened earlier may not have asked
			p.Department = bot.CleanDepartment(r.Values.Text(settingsDepartment))
		}
		if p.KudosDM = r.Values.Option(settingsKudos); p.KudosDM == "both" {
			p.KudosDM = ""
		}
		if day, asked := r.Values[settingsReview]; asked { // a form that was opened earlier may not have asked
			p.Review = reviewDays[day.Option]
		}
		var help []bot.Help
		for _, kind := range r.Values.Options(settingsHelp) {
			help = append(help, bot.Help(kind))
		}
		p.AskHelp(help)
		p.Muted = nil
		for _, k := range mutableKinds() {
			if !r.Values.Ticked(settingsKinds, string(k.kind)) {
				p.Muted = append(p.Muted, k.kind)
			}
		}
	})
	if fault := refused(err); fault != nil && settingsBlocks[fault.Code] != "" {
		return Response{Ack: InputErrors(map[string]string{settingsBlocks[fault.Code]: settingsFaults(Reader{}, fault)})}, nil
	}
	if err != nil {
		return Response{}, err
	}
	in, err := s.When(ctx, r.Now, r.User)
	if err != nil {
		return Response{}, err
	}
	return s.Home.told(r, settingsSaved(Reader{Zone: in.Zone, Locale: in.Locale}, p, in.Zone.String(), when.DateOf(r.Now.In(in.Zone)))), nil
}

// settingsBlocks is the input below which each problem is shown.
var settingsBlocks = map[bot.FaultCode]string{
	bot.SettingsZone: settingsZone, bot.SettingsHours: settingsHours + "1", bot.SettingsHoliday: settingsHolidays, bot.SettingsPast: settingsPause,
}

// formWeek reads the hours of each weekday, nil if they are the standard ones, and what is wrong with them by input.
func formWeek(v Values) (*bot.Week, map[string]string) {
	var week bot.Week
	problems := map[string]string{}
	for day := range week {
		block := fmt.Sprint(settingsHours, day)
		span, err := readHours(v.Text(block))
		if err != nil {
			problems[block] = "Write it like 9:00-17:30, ending by 24:00, or leave it empty for a free day."
		}
		week[day] = span
	}
	if week == bot.StandardWeek() {
		return nil, problems
	}
	return &week, problems
}

// readHours reads "9:00-17:30" or "9am – 5:30 pm"; empty is a free day.
func readHours(text string) (bot.Span, error) {
	text = strings.NewReplacer("–", "-", "—", "-", "−", "-", " ", "", "\u00a0", "", "\u202f", "", ".", ":").Replace(strings.ToLower(text))
	if text == "" {
		return bot.Span{}, nil
	}
	from, to, ok := strings.Cut(text, "-")
	if !ok {
		return bot.Span{}, errors.New("read hours: no dash")
	}
	start, err := readMinute(from)
	if err != nil {
		return bot.Span{}, err
	}
	end, err := readMinute(to)
	if err != nil {
		return bot.Span{}, err
	}
	if end <= start {
		return bot.Span{}, errors.New("read hours: they end before they begin")
	}
	return bot.Span{From: start, To: end}, nil
}

// readMinute reads "9", "9:00", "9:30pm" or "24:00" as minutes after midnight, and nothing that only begins so.
func readMinute(text string) (int, error) {
	half, hours := 0, 24
	for i, suffix := range []string{"am", "pm"} {
		if short, ok := strings.CutSuffix(text, suffix); ok {
			text, half, hours = short, i, 12
		}
	}
	hour, minute, timed := strings.Cut(text, ":")
	h, err := strconv.Atoi(hour)
	if err != nil {
		return 0, fmt.Errorf("read time of day: %w", err)
	}
	m := 0
	if timed {
		if m, err = strconv.Atoi(minute); err != nil || len(minute) != 2 {
			return 0, errors.New("read time of day: minutes have two digits")
		}
	}
	if h < 0 || h > hours || m < 0 || m > 59 || h*60+m > 24*60 || hours == 12 && h == 0 {
		return 0, errors.New("read time of day: there is no such time")
	}
	if hours == 12 {
		h = h%12 + 12*half
	}
	return h*60 + m, nil
}

// pause stops everything unasked until a day that is said in words.
func (s *Settings) pause(ctx context.Context, r Request) (Response, error) {
	known, err := s.Use.SceneOf(ctx, r.User)
	if err != nil {
		return Response{}, err
	}
	in := known.Hours(r.User, s.Use.Settings.Current().Zone).WhenContext(r.Now, known.Members[r.User].Locale)
	said := when.Phrase(withoutWord(withoutWord(r.Rest, "until"), "for"), in)
	if said.Due == nil {
		return Reply(pauseHelp(r.Text)), nil
	}
	p, err := s.Use.SetIn(ctx, r.Now, r.Token, r.User, known, func(p *bot.Preferences) { p.PausedTill = said.Due.Date })
	if err != nil {
		return Response{}, err
	}
	return Reply(pausedMessage(Reader{Zone: in.Zone, Locale: in.Locale}, p)), nil
}

// withoutWord takes a word off the beginning of a text.
func withoutWord(text, word string) string {
	if first, rest := firstWord(text); strings.EqualFold(first, word) {
		return rest
	}
	return text
}

func (s *Settings) resume(ctx context.Context, r Request) (Response, error) {
	if _, err := s.Use.Set(ctx, r.Now, r.Token, r.User, func(p *bot.Preferences) { p.PausedTill = bot.Date{} }); err != nil {
		return Response{}, err
	}
	if r.Kind == OnCommand {
		return Reply(resumedMessage()), nil
	}
	return s.Home.changed(r, resumedMessage()), nil
}

func (s *Settings) practice(ctx context.Context, r Request) (Response, error) {
	on := r.Action.Value == "on"
	if _, err := s.Use.Set(ctx, r.Now, r.Token, r.User, func(p *bot.Preferences) { p.Practice = on }); err != nil {
		return Response{}, err
	}
	return s.Home.changed(r, practiceSet(on)), nil
}

func (s *Settings) privacy(ctx context.Context, r Request) (Response, error) {
	if r.Kind == OnCommand {
		p, err := s.Use.PreferencesOf(ctx, r.User)
		return replied(Message{Text: privacyWords[0], Blocks: privacyBlocks(p)}, err)
	}
	return s.Client.opening(r, privacyTitle, func(ctx context.Context) (Modal, error) {
		p, err := s.Use.PreferencesOf(ctx, r.User)
		return Modal{CallbackID: "rapport.privacy", Title: privacyTitle, Close: "Close", Blocks: privacyBlocks(p)}, err
	}), nil
}

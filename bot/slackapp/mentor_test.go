package slackapp

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"rapport/bot"
	"rapport/bot/pairing"
)

// mentorPair is a pair of whom the reader is the mentee, with words that try to break out.
func mentorPair(state bot.MentorshipState) bot.MentorPart {
	hostile := "<!channel> *bold* " + strings.Repeat("long ", 60)
	return bot.MentorPart{
		Mentorship: bot.Mentorship{
			ID: "1-UANA-UBEN", Version: 1, Program: "1", Mentor: "UANA", Mentee: "UBEN", State: state, Try: 1, Theme: "mentor-first-month", Weeks: 2,
			Proposed: wednesday, Lapses: wednesday.Add(10 * 24 * time.Hour), Started: wednesday, NextAt: wednesday.Add(28 * 24 * time.Hour),
		},
		Program: bot.Program{ID: "1", Form: bot.MentorForm, Name: "Mentoring", Purpose: "Learn <!here>", Channel: "C1", Weeks: 4, Weekday: time.Monday, Minute: 540, Zone: "Europe/Berlin"},
		Seat:    bot.Seat{Program: "1", Member: "UBEN", Role: pairing.Mentee, Joined: wednesday},
		Reader:  bot.Member{ID: "UBEN", Name: "Ben"},
		People:  map[string]bot.Member{"UANA": {ID: "UANA", Name: "Ana <!channel>", Title: hostile, Department: "Law"}, "UBEN": {ID: "UBEN", Name: "Ben"}},
		Profiles: map[string]bot.Profile{
			"UANA": {Offers: []string{hostile, "budgets"}, Asks: []string{"Rust"}},
		},
		Theme: "Tell each other how you got here.",
	}
}

func TestWhatIsSaidAboutMentorsKeepsSlacksLimits(t *testing.T) {
	part, active, over := mentorPair(bot.MentorProposed), mentorPair(bot.MentorActive), mentorPair(bot.MentorEnded)
	quiet := mentorPair(bot.MentorActive)
	quiet.Mentorship.Quiet = true
	berlin := bot.HoursOf(bot.Member{Zone: "Europe/Berlin"}, bot.Preferences{}, "UTC")
	start := bot.MentorStart{MentorPart: active, Hours: map[string]bot.Hours{"UANA": berlin, "UBEN": berlin}, Times: []time.Time{wednesday}, Team: "T1"}
	alone := start
	alone.Alone = true
	mine := bot.MyMentoring{Mine: bot.Mine{Program: part.Program, Seat: part.Seat, Next: wednesday}, Pairs: []bot.MentorPart{part, active, quiet}}
	messages := map[string]Message{
		"question": mentorQuestion(Reader{}, bot.MentorQuestion{MentorPart: part}), "again": mentorQuestion(Reader{}, bot.MentorQuestion{MentorPart: part, Again: true}),
		"none": mentorNews(bot.MentorNews{MentorPart: part, State: bot.MentorDeclined}), "lapsed": mentorNews(bot.MentorNews{MentorPart: part, State: bot.MentorLapsed}),
		"over": mentorNews(bot.MentorNews{MentorPart: over, State: bot.MentorEnded}), "start": mentorStart(Reader{}, start), "alone": mentorStart(Reader{}, alone),
		"theme": themeNote(bot.ThemeNote{MentorPart: active}), "quiet": themeNote(bot.ThemeNote{MentorPart: quiet, Alone: true}),
		"wait": mentorWait(Reader{}, bot.MentorWait{Program: part.Program, Next: wednesday}), "invitation": mentorInvitation(Reader{}, bot.Invitation{Program: part.Program, Next: wednesday}),
		"mine": mentorMine(Reader{}, []bot.MyMentoring{mine}, wednesday), "nothing": mentorMine(Reader{}, nil, wednesday),
		"joined": mentorJoined(Reader{}, mine.Mine, false, wednesday), "status": mentorStatus(Reader{}, bot.MentorOverview{Program: part.Program, Next: wednesday}, true, wednesday),
	}
	for _, state := range []bot.MentorshipState{bot.MentorProposed, bot.MentorActive, bot.MentorDeclined, bot.MentorLapsed, bot.MentorEnded} {
		messages["answered "+string(state)] = mentorAnswered(Reader{}, mentorPair(state))
	}
	for name, m := range messages {
		sealed, err := m.seal()
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if text := fmt.Sprint(m.Text, sealed.Blocks); strings.Contains(text, "<!channel>") || strings.Contains(text, "<!here>") {
			t.Errorf("%s lets words of others notify a channel: %s", name, text)
		}
	}
	for name, modal := range map[string]Modal{
		"join": mentorJoinForm(part.Program, part.Seat, part.Profiles["UANA"], "C1"), "first": mentorJoinForm(part.Program, bot.Seat{}, bot.Profile{}, ""), "end": mentorEndForm(active),
	} {
		if _, err := modal.seal(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestNoAnswerSaysWhoSaidNo(t *testing.T) {
	for name, m := range map[string]Message{
		"told":     mentorNews(bot.MentorNews{MentorPart: mentorPair(bot.MentorDeclined), State: bot.MentorDeclined}),
		"too late": mentorAnswered(Reader{}, mentorPair(bot.MentorLapsed)),
	} {
		sealed, err := m.seal()
		if err != nil {
			t.Fatal(err)
		}
		if text := fmt.Sprint(m.Text, sealed.Blocks); strings.Contains(text, "UANA") || strings.Contains(text, "Ana") {
			t.Errorf("%s names the other: %s", name, text)
		}
	}
}

func TestEveryMentorFaultHasWords(t *testing.T) {
	for _, code := range []bot.FaultCode{bot.MentorRoleUnset, bot.MentorCapacity, bot.MentorNoMatch, bot.MentorAlreadyEnded, bot.MentorNoTheme} {
		if mentorFaults(Reader{}, &bot.Fault{Code: code, Limit: 5}) == "" {
			t.Errorf("%s has no words", code)
		}
	}
}

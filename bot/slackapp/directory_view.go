package slackapp

import (
	"slices"

	"github.com/slack-go/slack"

	"rapport/bot"
)

// settingsDepartment is the form's input for one's own department.
const settingsDepartment = "settings_department"

// sourceWords say who says a department.
var sourceWords = map[bot.Source]string{
	bot.SourceProfile: "as your Slack profile says", bot.SourceGroups: "from a user group that you are in", bot.SourceTable: "as your company's list says",
}

// asksOwn reports whether what people set themselves is asked for at all.
func asksOwn(order []bot.Source) bool {
	return len(order) == 0 || slices.Contains(order, bot.SourceOwn)
}

// departmentInput asks for one's own department, and says what counts without it; nothing where the workspace does not ask people.
func departmentInput(m bot.Member, p bot.Preferences, order []bot.Source) []slack.Block {
	if !asksOwn(order) {
		return nil
	}
	name, source := bot.Department(m, bot.Preferences{}, order)
	counting, first := bot.Department(m, bot.Preferences{Department: "x"}, order)
	hint := "Coffee looks for people of other departments. Yours is not known from anywhere else."
	switch {
	case name == "":
	case first != bot.SourceOwn:
		hint = "It is " + counting + " here, " + sourceWords[first] + ", and that comes first. What you write counts where that says nothing."
	default:
		hint = "Coffee looks for people of other departments. Empty: " + name + ", " + sourceWords[source] + "."
	}
	return []slack.Block{Input{Block: settingsDepartment, Label: "My department", Optional: true, Hint: hint}.text(p.Department, name, bot.DepartmentSize, false)}
}

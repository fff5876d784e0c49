package main

// rowsOfTexts are rows 27, 28 and 30 to 35: what a message may hold, and what becomes of it where others read it.
func rowsOfTexts() []kudosRow {
	return []kudosRow{
		{
			number: 27, name: "broadcasts", typed: "<@{a}> told <!channel> <!here|here> <!everyone> about the release", form: &rowForm{to: "a", message: "told <!channel> @here @everyone about the release"},
			want: rowWant{
				to: "a", message: "told <!channel> <!here|here> <!everyone> about the release", shown: []string{"@\u2060channel @\u2060here @\u2060everyone about"},
				never: []string{"<!channel", "<!here", "<!everyone", "@channel", "@here", "@everyone"},
			},
			inForm: &rowWant{
				to: "a", message: "told &lt;!channel&gt; @here @everyone about the release", shown: []string{"&lt;!channel&gt; @\u2060here @\u2060everyone"},
				never: []string{"<!channel", "@channel", "@here", "@everyone"},
			},
		},
		{
			number: 28, name: "an escaped broadcast stays literal", typed: "<@{a}> explained what &lt;!channel&gt; and &amp;lt; mean in a text", form: &rowForm{to: "a", message: "explained what <!channel> and &lt; mean in a text"},
			want: rowWant{to: "a", message: "explained what &lt;!channel&gt; and &amp;lt; mean in a text", never: []string{"<!channel>"}},
		},
		{
			number: 30, name: "somebody in the message", typed: "<@{a}> helped <@{b}|bea> ship the release", form: &rowForm{to: "a", message: "helped @b ship the release"},
			want:   rowWant{to: "a", message: "helped <@{b}|bea> ship the release", shown: []string{"helped @B of ", " ship the release"}, never: []string{"<@{b}>", "<@{b}|"}},
			inForm: &rowWant{to: "a", message: "helped @b ship the release"},
		},
		{
			number: 31, name: "backticks", typed: "<@{a}> made `<@{b}> #trust --private` understandable", form: &rowForm{to: "a", message: "made `#trust --private` understandable"},
			want:   rowWant{to: "a", message: "made `<@{b}> #trust --private` understandable", shown: []string{"#trust --private` understandable"}, never: []string{"<@{b}>"}},
			inForm: &rowWant{to: "a", message: "made `#trust --private` understandable"},
		},
		{
			number: 31, name: "a block of code", typed: "<@{a}> wrote ```<@{b}> #trust --private``` for all of us to read", form: &rowForm{to: "a", message: "wrote ```#trust --private``` for all of us to read"},
			want:   rowWant{to: "a", message: "wrote ```<@{b}> #trust --private``` for all of us to read", shown: []string{"#trust --private```"}, never: []string{"<@{b}>"}},
			inForm: &rowWant{to: "a", message: "wrote ```#trust --private``` for all of us to read"},
		},
		{
			number: 32, name: "a value before a comma", typed: "<@{a}> real #teamwork, from end to end", form: &rowForm{to: "a", message: "real #teamwork, from end to end"},
			want: rowWant{to: "a", message: "real #teamwork, from end to end", value: "teamwork", says: []string{"Value: teamwork"}},
		},
		{
			number: 32, name: "a value beyond ASCII", typed: "<@{a}> " + didIt + " #Über", form: &rowForm{to: "a", message: didIt, value: "Über"},
			want: rowWant{to: "a", message: didIt, value: "Über", shown: []string{didIt, "Über"}},
		},
		{
			number: 32, name: "a fragment of an address", typed: "<@{a}> documented x.com/#frag for everyone", form: &rowForm{to: "a", message: "documented x.com/#frag for everyone"},
			want: rowWant{to: "a", message: "documented x.com/#frag for everyone"},
		},
		{
			number: 33, name: "an unknown value", typed: "<@{a}> " + didIt + " #foo", form: &rowForm{to: "a", message: didIt + " #foo"},
			want: rowWant{to: "a", message: didIt + " #foo"},
		},
		{
			number: 34, name: "right to left", typed: "<@{a}> עזרה לי מאוד עם הגרסה החדשה", form: &rowForm{to: "a", message: "עזרה לי מאוד עם הגרסה החדשה"},
			want: rowWant{to: "a", message: "עזרה לי מאוד עם הגרסה החדשה"},
		},
		{
			number: 34, name: "an override", typed: "<@{a}> untangled the \u202Eesaeler scripts", form: &rowForm{to: "a", message: "untangled the \u202Eesaeler scripts"},
			want: rowWant{to: "a", message: "untangled the \u202Eesaeler scripts", shown: []string{"untangled the esaeler scripts"}, never: []string{"\u202E"}},
		},
		{
			number: 34, name: "joined emoji", typed: "<@{a}> " + didIt + " 👩‍👩‍👧", form: &rowForm{to: "a", message: didIt + " 👩‍👩‍👧"},
			want: rowWant{to: "a", message: didIt + " 👩‍👩‍👧"},
		},
		{
			number: 34, name: "a space that does not break", typed: "<@{a}>\u00a0" + didIt, noForm: pickers,
			want: rowWant{to: "a", message: didIt},
		},
		{
			number: 35, name: "marks that open and do not close", typed: "<@{a}> *bold _lean ~gone `code and &gt; more of it", form: &rowForm{to: "a", message: "*bold _lean ~gone `code and > more of it"},
			want: rowWant{
				to: "a", message: "*bold _lean ~gone `code and &gt; more of it", shown: []string{"∗bold ＿lean ∼gone ‵code and &gt; more of it"},
				never: []string{"*bold", "_lean", "~gone", "`code"},
			},
		},
		{
			number: 35, name: "a quote", typed: "<@{a}> &gt;&gt;&gt; wrote all of it down for us", form: &rowForm{to: "a", message: ">>> wrote all of it down for us"},
			want: rowWant{to: "a", message: "&gt;&gt;&gt; wrote all of it down for us", never: []string{"\n&gt;", "> &gt;"}},
		},
		{number: 37, name: "the same again within two minutes", story: rowTwin},
		{number: 38, name: "two at once for the last of the day", story: rowLastOfTheDay},
		{number: 39, name: "in a direct message", story: rowInDM},
		{number: 39, name: "in a group's direct message", story: rowInGroupDM},
		{number: 39, name: "in a channel that the bot is not in", story: rowOutside},
		{number: 40, name: "a private channel", story: rowPrivateChannel},
		{number: 41, name: "the giver edits", story: rowEdit},
		{number: 42, name: "undo twice", story: rowUndo},
		{number: 42, name: "an admin takes it down", story: rowTakenDown},
		{number: 43, name: "react, unreact, react again", story: rowReaction},
		{number: 44, name: "the shortcut on a bot's, a deleted and an own message", story: rowShortcuts},
		{number: 45, name: "the recipient's message is refused for a while", story: rowRefusedDM},
		{number: 36, name: "the same envelope again", story: rowSameEnvelope}, // it lasts until the evening, so it comes last
	}
}

package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"rapport/bot"
)

// calendars reads the calendars of free days that the environment names, and what is wrong with them: files by name and line.
func (c *config) calendars() (*bot.Calendars, problems) {
	files, found := readHolidayFiles(c.HolidayFiles)
	if len(found) > 0 {
		return nil, found
	}
	calendars, err := bot.NewCalendars(c.Holidays, files...)
	if err != nil {
		known := append([]string{bot.HolidaysNone, bot.HolidaysByZone}, bot.HolidayCalendars()...)
		for _, f := range files {
			known = append(known, f.Code)
		}
		return nil, problems{{"RAPPORT_HOLIDAYS cannot be used: " + err.Error(), "Such as zone, DE or DE-BY,ACME; known are " + strings.Join(known, ", ") + "."}}
	}
	return calendars, nil
}

// readHolidayFiles reads each <CODE>.ics of a folder; none where no folder is named.
func readHolidayFiles(folder string) ([]bot.HolidayFile, problems) {
	if folder == "" {
		return nil, nil
	}
	entries, err := os.ReadDir(filepath.Clean(folder))
	if err != nil {
		return nil, problems{{"RAPPORT_HOLIDAY_FILES cannot be read: " + err.Error(), "Name a folder of iCalendar files, or unset it."}}
	}
	var files []bot.HolidayFile
	var found problems
	for _, entry := range entries {
		code, isCalendar := strings.CutSuffix(entry.Name(), ".ics")
		if entry.IsDir() || !isCalendar {
			continue
		}
		path := filepath.Join(folder, entry.Name())
		data, err := os.ReadFile(filepath.Clean(path))
		var f bot.HolidayFile
		if err == nil {
			f, err = bot.ReadHolidays(strings.ToUpper(code), data)
		}
		if err != nil {
			found = append(found, problem{fmt.Sprintf("the holidays in %s cannot be read: %v", path, err), "Mend the line, or take the file out of the folder. It may hold all-day events, once or yearly."})
			continue
		}
		files = append(files, f)
	}
	if len(files) == 0 && len(found) == 0 {
		found = problems{{"RAPPORT_HOLIDAY_FILES has no calendar in it: " + folder, "Put a file such as DE-BY.ics there, or unset it."}}
	}
	return files, found
}

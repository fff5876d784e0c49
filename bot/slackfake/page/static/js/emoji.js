// Emoji by their Slack names: those that people and apps use most. An unknown name stays text, as in a workspace without that emoji.

const table = `+1 👍 -1 👎 thumbsup 👍 thumbsdown 👎 100 💯 1234 🔢 8ball 🎱 a 🅰️ b 🅱️ airplane ✈️ alarm_clock ⏰ alien 👽 ambulance 🚑 anchor ⚓
apple 🍎 arrow_down ⬇️ arrow_forward ▶️ arrow_left ⬅️ arrow_right ➡️ arrow_up ⬆️ arrows_counterclockwise 🔄 art 🎨 avocado 🥑 baby 👶
balloon 🎈 bamboo 🎍 bar_chart 📊 battery 🔋 beach_with_umbrella 🏖️ bear 🐻 bell 🔔 no_bell 🔕 bike 🚲 bird 🐦 birthday 🎂 blossom 🌼
blue_heart 💙 blush 😊 book 📖 bookmark 🔖 books 📚 boom 💥 bouquet 💐 brain 🧠 bread 🍞 bridge_at_night 🌉 briefcase 💼 bug 🐛
building_construction 🏗️ bulb 💡 bust_in_silhouette 👤 busts_in_silhouette 👥 butterfly 🦋 cactus 🌵 cake 🍰 calendar 📅 spiral_calendar_pad 🗓️
date 📅 call_me_hand 🤙 camera 📷 candle 🕯️ cat 🐱 chart_with_upwards_trend 📈 chart_with_downwards_trend 📉 checkered_flag 🏁 cherry_blossom 🌸
clap 👏 clipboard 📋 clock1 🕐 clock2 🕑 clock3 🕒 clock4 🕓 clock5 🕔 clock9 🕘 hourglass ⌛ hourglass_flowing_sand ⏳ cloud ☁️ coffee ☕ compass 🧭
computer 💻 confetti_ball 🎊 confused 😕 construction 🚧 cookie 🍪 cool 🆒 crossed_fingers 🤞 cry 😢 crystal_ball 🔮 dancer 💃 dart 🎯 dash 💨
dizzy 💫 dog 🐶 dolphin 🐬 door 🚪 dove_of_peace 🕊️ droplet 💧 ear 👂 earth_africa 🌍 earth_americas 🌎 earth_asia 🌏 email 📧 envelope ✉️
exclamation ❗ eyes 👀 eye 👁️ face_with_monocle 🧐 fallen_leaf 🍂 fire 🔥 first_place_medal 🥇 fish 🐟 flag-de 🇩🇪 four_leaf_clover 🍀 fox_face 🦊
gear ⚙️ gem 💎 ghost 👻 gift 🎁 globe_with_meridians 🌐 grapes 🍇 green_heart 💚 grey_question ❔ grin 😁 grinning 😀 guitar 🎸 hammer 🔨
hammer_and_wrench 🛠️ handshake 🤝 hatched_chick 🐥 hatching_chick 🐣 heart ❤️ heart_eyes 😍 heavy_check_mark ✔️ heavy_plus_sign ➕ heavy_multiplication_x ✖️
herb 🌿 hibiscus 🌺 house 🏠 hugging_face 🤗 hugs 🤗 hushed 😯 information_source ℹ️ innocent 😇 joy 😂 key 🔑 keyboard ⌨️ kissing_heart 😘 label 🏷️
ladder 🪜 large_blue_circle 🔵 large_green_circle 🟢 large_yellow_circle 🟡 red_circle 🔴 white_circle ⚪ black_circle ⚫ large_orange_circle 🟠
large_purple_circle 🟣 laughing 😆 leaves 🍃 lemon 🍋 link 🔗 lock 🔒 unlock 🔓 loudspeaker 📢 love_letter 💌 mag 🔍 mailbox 📫 man-shrugging 🤷‍♂️ shrug 🤷
mega 📣 memo 📝 pencil 📝 pencil2 ✏️ microphone 🎤 microscope 🔬 moneybag 💰 mountain ⛰️ mouse 🐭 muscle 💪 musical_note 🎵 mute 🔇 name_badge 📛
nerd_face 🤓 neutral_face 😐 new 🆕 newspaper 📰 no_entry ⛔ no_entry_sign 🚫 notebook 📓 ocean 🌊 octopus 🐙 ok 🆗 ok_hand 👌 open_hands 👐
orange_heart 🧡 owl 🦉 package 📦 palm_tree 🌴 palms_up_together 🤲 panda_face 🐼 paperclip 📎 partying_face 🥳 peach 🍑 penguin 🐧 people_holding_hands 🧑‍🤝‍🧑
people_hugging 🫂 phone ☎️ pill 💊 pineapple 🍍 pizza 🍕 point_down 👇 point_left 👈 point_right 👉 point_up ☝️ potted_plant 🪴 pray 🙏 printer 🖨️
purple_heart 💜 pushpin 📌 question ❓ rabbit 🐰 radio 📻 rainbow 🌈 raised_hand ✋ raised_hands 🙌 raising_hand 🙋 recycle ♻️ relaxed ☺️ relieved 😌
repeat 🔁 ribbon 🎀 ring 💍 robot_face 🤖 rocket 🚀 rolling_on_the_floor_laughing 🤣 rose 🌹 rotating_light 🚨 runner 🏃 salute 🫡 saluting_face 🫡 school 🏫
scales ⚖️ scissors ✂️ scream 😱 scroll 📜 second_place_medal 🥈 see_no_evil 🙈 seedling 🌱 shield 🛡️ ship 🚢 shrimp 🦐 silhouette 👤 skull 💀 sleeping 😴
slightly_smiling_face 🙂 slightly_frowning_face 🙁 smile 😄 smiley 😃 smirk 😏 smiling_face_with_3_hearts 🥰 snail 🐌 snowflake ❄️ snowman ⛄ sob 😭
soccer ⚽ sparkles ✨ sparkling_heart 💖 speech_balloon 💬 left_speech_bubble 🗨️ star ⭐ star2 🌟 star-struck 🤩 stop_sign 🛑 stopwatch ⏱️ strawberry 🍓
studio_microphone 🎙️ sun_with_face 🌞 sunflower 🌻 sunglasses 😎 sunny ☀️ sunrise 🌅 sweat_smile 😅 tada 🎉 tangerine 🍊 tea 🍵 telescope 🔭 tent ⛺
test_tube 🧪 thinking_face 🤔 thinking 🤔 third_place_medal 🥉 thought_balloon 💭 tophat 🎩 tornado 🌪️ trophy 🏆 tulip 🌷 turtle 🐢 two_hearts 💕
umbrella ☔ unicorn_face 🦄 upside_down_face 🙃 v ✌️ vertical_traffic_light 🚦 wastebasket 🗑️ watch ⌚ watermelon 🍉 wave 👋 waving_white_flag 🏳️
weary 😩 whale 🐳 white_check_mark ✅ white_heart 🤍 wind_chime 🎐 wink 😉 woman-shrugging 🤷‍♀️ world_map 🗺️ worried 😟 wrench 🔧 writing_hand ✍️ x ❌
yellow_heart 💛 yum 😋 zap ⚡ zipper_mouth_face 🤐 zzz 💤 calling 📲 inbox_tray 📥 outbox_tray 📤 mailbox_with_mail 📬 incoming_envelope 📨 e-mail 📧
bellhop_bell 🛎️ speaker 🔈 sound 🔉 luggage 🧳 desert_island 🏝️ palm_up_hand 🫴 heart_hands 🫶 jigsaw 🧩 puzzle_piece 🧩 seat 💺 chair 🪑 thread 🧵 broom 🧹
double_vertical_bar ⏸️ fast_forward ⏩ leftwards_arrow_with_hook ↩️ arrow_right_hook ↪️ heavy_minus_sign ➖ ballot_box_with_check ☑️ no_good 🙅 footprints 👣
classical_building 🏛️ office 🏢 house_with_garden 🏡 city_sunrise 🌇 night_with_stars 🌃 crescent_moon 🌙 mortar_board 🎓 teacher 🧑‍🏫 technologist 🧑‍💻
warning ⚠️ large_brown_circle 🟤 large_red_square 🟥 large_orange_square 🟧 large_yellow_square 🟨 large_green_square 🟩 large_blue_square 🟦 large_purple_square 🟪
large_brown_square 🟫 black_large_square ⬛ white_large_square ⬜ bee 🐝 sports_medal 🏅 taco 🌮 moon 🌔`;

const known = new Map();
const words = table.split(/\s+/);
for (let i = 0; i + 1 < words.length; i += 2) known.set(words[i], words[i + 1]);

/** emoji returns the character for a name, skin tone included ("+1::skin-tone-3"); undefined if there is none. */
export function emoji(name) {
  const [base, tone] = String(name).split("::skin-tone-");
  const char = known.get(base);
  return char && tone >= 2 && tone <= 6 ? char.replace(/\uFE0F$/, "") + String.fromCodePoint(0x1f3fb + Number(tone) - 2) : char;
}

/** emojiNames lists names that contain text, those that begin with it first. */
export function emojiNames(text, limit = 8) {
  const all = [...known.keys()].filter((n) => n.includes(text));
  all.sort((a, b) => b.startsWith(text) - a.startsWith(text) || a.length - b.length);
  return all.slice(0, limit);
}

/** favourites are what the reaction picker offers first. */
export const favourites = ["+1", "heart", "tada", "clap", "raised_hands", "eyes", "joy", "pray", "coffee", "rocket", "white_check_mark", "thinking_face", "seedling", "bulb", "fire", "wave"];

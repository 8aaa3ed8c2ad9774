// Names of emoji, as users type them between colons. One string is half as long as an object, and quick to split.

const TABLE = `
  smile 😄|grin 😁|joy 😂|rofl 🤣|smiley 😃|laughing 😆|sweat_smile 😅|wink 😉|blush 😊|slightly_smiling 🙂|
  upside_down 🙃|relieved 😌|heart_eyes 😍|kissing 😗|kissing_heart 😘|yum 😋|stuck_out_tongue 😛|zany 🤪|sunglasses 😎|
  nerd 🤓|thinking 🤔|neutral 😐|expressionless 😑|no_mouth 😶|smirk 😏|unamused 😒|rolling_eyes 🙄|grimacing 😬|
  lying 🤥|pensive 😔|sleepy 😪|sleeping 😴|mask 😷|sick 🤒|nauseated 🤢|sneezing 🤧|dizzy 😵|exploding_head 🤯|
  cowboy 🤠|partying 🥳|confused 😕|worried 😟|frowning 🙁|open_mouth 😮|astonished 😲|flushed 😳|pleading 🥺|
  fearful 😨|cold_sweat 😰|cry 😢|sob 😭|scream 😱|disappointed 😞|sweat 😓|weary 😩|tired 😫|yawning 🥱|triumph 😤|
  angry 😠|rage 😡|skull 💀|poop 💩|clown 🤡|ghost 👻|alien 👽|robot 🤖|see_no_evil 🙈|hear_no_evil 🙉|
  speak_no_evil 🙊|kiss 💋|heart ❤️|orange_heart 🧡|yellow_heart 💛|green_heart 💚|blue_heart 💙|purple_heart 💜|
  black_heart 🖤|broken_heart 💔|sparkling_heart 💖|100 💯|anger 💢|boom 💥|dash 💨|bomb 💣|zzz 💤|wave 👋|hand ✋|
  ok_hand 👌|pinched_fingers 🤌|v ✌️|crossed_fingers 🤞|metal 🤘|call_me 🤙|point_left 👈|point_right 👉|point_up 👆|
  point_down 👇|thumbsup 👍|+1 👍|thumbsdown 👎|-1 👎|fist ✊|punch 👊|clap 👏|raised_hands 🙌|open_hands 👐|
  handshake 🤝|pray 🙏|writing ✍️|muscle 💪|brain 🧠|eyes 👀|eye 👁️|tongue 👅|baby 👶|shrug 🤷|facepalm 🤦|
  bow 🙇|dancer 💃|running 🏃|family 👪|dog 🐶|cat 🐱|mouse 🐭|rabbit 🐰|fox 🦊|bear 🐻|panda 🐼|tiger 🐯|
  lion 🦁|cow 🐮|pig 🐷|frog 🐸|monkey 🐵|chicken 🐔|penguin 🐧|bird 🐦|owl 🦉|wolf 🐺|horse 🐴|unicorn 🦄|
  bee 🐝|bug 🐛|butterfly 🦋|snail 🐌|ladybug 🐞|spider 🕷️|turtle 🐢|snake 🐍|octopus 🐙|crab 🦀|fish 🐟|
  whale 🐳|dolphin 🐬|rose 🌹|sunflower 🌻|tulip 🌷|cactus 🌵|tree 🌳|four_leaf_clover 🍀|leaves 🍃|mushroom 🍄|
  earth 🌍|moon 🌙|sun ☀️|star ⭐|sparkles ✨|zap ⚡|fire 🔥|rainbow 🌈|cloud ☁️|rain 🌧️|snowflake ❄️|
  snowman ⛄|umbrella ☔|ocean 🌊|apple 🍎|banana 🍌|cherries 🍒|strawberry 🍓|lemon 🍋|peach 🍑|avocado 🥑|bread 🍞|
  cheese 🧀|egg 🥚|burger 🍔|fries 🍟|pizza 🍕|taco 🌮|popcorn 🍿|sushi 🍣|cookie 🍪|cake 🎂|chocolate 🍫|
  doughnut 🍩|icecream 🍦|coffee ☕|tea 🍵|beer 🍺|beers 🍻|wine 🍷|cocktail 🍸|champagne 🍾|soccer ⚽|basketball 🏀|
  trophy 🏆|medal 🏅|dart 🎯|video_game 🎮|game_die 🎲|guitar 🎸|art 🎨|musical_note 🎵|headphones 🎧|microphone 🎤|
  movie 🎬|car 🚗|bus 🚌|train 🚆|bike 🚲|plane ✈️|rocket 🚀|ship 🚢|house 🏠|office 🏢|watch ⌚|phone 📱|
  computer 💻|keyboard ⌨️|printer 🖨️|floppy 💾|cd 💿|camera 📷|tv 📺|bulb 💡|flashlight 🔦|book 📖|books 📚|
  newspaper 📰|money 💰|gem 💎|email 📧|package 📦|pencil ✏️|memo 📝|folder 📁|calendar 📅|chart 📈|pin 📌|
  paperclip 📎|scissors ✂️|lock 🔒|unlock 🔓|key 🔑|hammer 🔨|wrench 🔧|gear ⚙️|magnet 🧲|shield 🛡️|link 🔗|
  telescope 🔭|microscope 🔬|pill 💊|syringe 💉|door 🚪|bed 🛏️|broom 🧹|gift 🎁|balloon 🎈|tada 🎉|confetti 🎊|
  bell 🔔|no_bell 🔕|mega 📣|speech 💬|thought 💭|hourglass ⌛|alarm ⏰|stopwatch ⏱️|check ✅|x ❌|question ❓|
  exclamation ❗|warning ⚠️|no_entry ⛔|recycle ♻️|infinity ♾️|up ⬆️|down ⬇️|left ⬅️|right ➡️|
  white_flag 🏳️|checkered_flag 🏁|pirate 🏴‍☠️`;

/** @type {Map<string, string>} */
export const emoji = new Map(TABLE.trim().split(/\|\s*/).map((pair) => {
  const space = pair.indexOf(" ");
  return [pair.slice(0, space), pair.slice(space + 1)];
}));

/** Emoji by name: for moving, feeling and cheering. A name may stand for the same emoji as another. */

/** @type {Record<string, string>} */
export const EMOJI = {
  // Feelings
  smile: "😄", grin: "😁", joy: "😂", laugh: "🤣", sweat_smile: "😅", wink: "😉", blush: "😊", happy: "😀",
  heart_eyes: "😍", kiss: "😘", hug: "🤗", thinking: "🤔", neutral: "😐", smirk: "😏", relieved: "😌", sleepy: "😪",
  tired: "😫", yawn: "🥱", zzz: "💤", sweat: "😓", hot: "🥵", cold: "🥶", dizzy: "😵", exploding: "🤯", party: "🥳",
  cool: "😎", nerd: "🤓", confused: "😕", worried: "😟", surprised: "😮", wow: "😲", scream: "😱", cry: "😢",
  sob: "😭", angry: "😠", proud: "😤", pleading: "🥺", shrug: "🤷", facepalm: "🤦", salute: "🫡", melting: "🫠",
  star_eyes: "🤩", upside_down: "🙃", tongue: "😛", crazy: "🤪", sick: "🤒", injured: "🤕", mask: "😷", angel: "😇",
  cowboy: "🤠", robot: "🤖", ghost: "👻", skull: "💀",
  // Hands
  thumbs_up: "👍", yes: "👍", thumbs_down: "👎", no: "👎", clap: "👏", raised_hands: "🙌", high_five: "✋",
  hand: "✋", wave: "👋", ok: "👌", fist: "✊", punch: "👊", fist_bump: "🤜", muscle: "💪", strong: "💪",
  biceps: "💪", pray: "🙏", thanks: "🙏", handshake: "🤝", fingers_crossed: "🤞", love_you: "🤟", horns: "🤘",
  rock: "🤘", victory: "✌️", peace: "✌️", point_up: "☝️", call_me: "🤙", heart_hands: "🫶", writing: "✍️",
  // Hearts
  heart: "❤️", love: "❤️", orange_heart: "🧡", yellow_heart: "💛", green_heart: "💚", blue_heart: "💙",
  purple_heart: "💜", black_heart: "🖤", white_heart: "🤍", broken_heart: "💔", sparkling_heart: "💖",
  two_hearts: "💕",
  // Moving
  run: "🏃", running: "🏃", walk: "🚶", dance: "💃", dancing: "🕺", yoga: "🧘", lotus: "🧘", meditate: "🧘",
  lift: "🏋️", weights: "🏋️", gym: "🏋️", cartwheel: "🤸", stretch: "🤸", bike: "🚴", cycling: "🚴", swim: "🏊",
  row: "🚣", climb: "🧗", surf: "🏄", ski: "⛷️", snowboard: "🏂", skate: "⛸️", boxing: "🥊", martial_arts: "🥋",
  wrestle: "🤼", handstand: "🤸", soccer: "⚽", basketball: "🏀", tennis: "🎾", volleyball: "🏐", rugby: "🏉",
  ping_pong: "🏓", badminton: "🏸", golf: "⛳", shoe: "👟", sneaker: "👟", shorts: "🩳",
  tank_top: "🎽", leg: "🦵", foot: "🦶", lungs: "🫁", anatomical_heart: "🫀", brain: "🧠", bone: "🦴",
  // Praise
  fire: "🔥", flame: "🔥", lit: "🔥", hundred: "💯", trophy: "🏆", medal: "🏅", gold: "🥇", silver: "🥈",
  bronze: "🥉", first: "🥇", star: "⭐", glowing_star: "🌟", sparkles: "✨", rocket: "🚀", zap: "⚡", energy: "⚡",
  boom: "💥", target: "🎯", crown: "👑", gem: "💎", tada: "🎉", confetti: "🎊", balloon: "🎈", gift: "🎁",
  rainbow: "🌈", sun: "☀️", sunrise: "🌅", moon: "🌙", chart_up: "📈", check: "✅", cross: "❌", question: "❓",
  warning: "⚠️", bell: "🔔", eyes: "👀",
  // Food and rest
  water: "💧", drop: "💧", sweat_drops: "💦", cup: "🥤", coffee: "☕", tea: "🍵", banana: "🍌", apple: "🍎",
  avocado: "🥑", carrot: "🥕", broccoli: "🥦", salad: "🥗", egg: "🥚", bread: "🍞", pizza: "🍕", burger: "🍔",
  cake: "🍰", cookie: "🍪", chocolate: "🍫", beer: "🍺", ice: "🧊", bed: "🛏️", bath: "🛁", shower: "🚿", sauna: "🧖",
  massage: "💆", music: "🎵", headphones: "🎧", clock: "⏰", stopwatch: "⏱️", timer: "⏲️", calendar: "📅",
  camera: "📷", speaker: "🔊", mute: "🔇",
  // World
  earth: "🌍", mountain: "⛰️", beach: "🏖️", tree: "🌳", leaf: "🍃", flower: "🌸", rose: "🌹", sunflower: "🌻",
  dog: "🐶", cat: "🐱", horse: "🐴", turtle: "🐢", snail: "🐌", rabbit: "🐰", lion: "🦁", monkey: "🐵", unicorn: "🦄",
  bee: "🐝", butterfly: "🦋", eagle: "🦅", rain: "🌧️", snow: "❄️", wind: "💨", wave_water: "🌊",
};

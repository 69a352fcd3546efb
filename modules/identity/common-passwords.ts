/** Passwords that everybody tries first, and the words most of them are made of; digits and signs around them help little. */
export const COMMON_PASSWORDS: readonly string[] = `
  password passwort passw0rd motdepasse contrasena wachtwoord parola senha haslo heslo salasana kennwort geheim secret
  password1234 password12345 password123456 passwordpassword mypassword newpassword changeme changeit letmein trustno1
  welcome willkommen bienvenue bienvenido hello hallo goodbye iloveyou ilovehim iloveher loveyou lovely forever friends
  qwerty qwertz azerty asdfgh zxcvbn qwerty123456 qwertyuiop qazwsx zaq12wsx asdfghjkl zxcvbnm 1q2w3e4r 1qaz2wsx
  admin administrator superuser supervisor sysadmin root manager operator service support guest default system server
  login signin signup access master account username user1 test1 testing tester testtest sample example temporary demo1
  internet computer windows microsoft google facebook instagram youtube whatsapp twitter linkedin amazon netflix spotify
  apple iphone android samsung nintendo playstation pokemon minecraft fortnite warcraft counterstrike starwars startrek
  football baseball basketball hockey soccer tennis swimming liverpool arsenal chelsea barcelona realmadrid juventus
  manchester everton rangers celtic yankees cowboys steelers packers lakers patriots ferrari mercedes porsche corvette
  mustang harley yamaha toyota honda nissan monkey dragon tiger panther lion1 eagle falcon phoenix dolphin butterfly
  chicken rabbit hamster puppy kitten horses elephant buster pepper ginger cookie chocolate banana orange cherry
  strawberry pumpkin cheese butter coffee summer winter spring autumn sommer herbst sunshine rainbow flower shadow
  thunder lightning diamond silver golden purple yellow crystal princess prince angel babygirl sweetheart darling honey
  jesus christ heaven blessed freedom liberty america canada london paris berlin madrid moscow tokyo germany france
  england ireland scotland australia michael jennifer jessica ashley nicole daniel jordan joshua matthew andrew thomas
  charlie robert william anthony christopher superman batman spiderman ironman hannah maggie bailey taylor killer hunter
  soldier ranger maverick matrix merlin gandalf hobbit naruto metallica nirvana slipknot blink182 abc123 abcd1234
  1234567890ab 123456789abc 987654321 123123123123 112233445566 121212121212 123qwe qwe123 asd123 a1b2c3d4e5f6
  januar february march1 april1 june1 july1 august september october november december monday tuesday wednesday thursday
  friday saturday sunday montag freitag samstag sonntag lovelove nothing whatever please fuckyou fuckoff asshole bullshit
`
  .trim()
  .split(/\s+/);

#pragma once

// The one style of all pages, inline in each: one request, nothing to wait for on a slow line.
// Colours are pairs tried for WCAG AA in light and dark; a state is never told by colour alone.

#include <string_view>

namespace jaring {

inline constexpr std::string_view kPageStyle = R"css(
:root{color-scheme:light dark;--paper:#f6f4ee;--card:#fff;--ink:#17211d;--soft:#4c5a53;--line:#d9d5c8;
--brand:#0b5a47;--link:#0b5a47;--focus:#b45309;--active:#0a6b41;--grace:#8a4b00;--lapsed:#a02318;
--none:#44525a;--bar-rest:#dcd8cb;--on-brand:#fff;--wrong:#a02318}
@media (prefers-color-scheme:dark){:root{--paper:#0e1513;--card:#17211e;--ink:#edf3f0;--soft:#b2c1ba;
--line:#33423c;--brand:#0c4a3b;--link:#7fdcbd;--focus:#fbbf24;--bar-rest:#33423c;
--wrong:#ff9d92}}
*{box-sizing:border-box}
html{font:1.125rem/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif;
-webkit-text-size-adjust:100%}
body{margin:0;background:var(--paper);color:var(--ink);min-height:100vh;display:flex;
flex-direction:column}
a{color:var(--link);text-underline-offset:.18em}
:focus-visible{outline:3px solid var(--focus);outline-offset:3px;border-radius:.25rem}
.skip{position:absolute;left:-99rem}.skip:focus{left:1rem;top:.5rem;background:var(--card);
padding:.5rem 1rem;z-index:9}
.top{background:var(--brand);color:var(--on-brand)}
.top a{color:inherit}
.top>div{max-width:62rem;margin:auto;padding:.8rem 1.25rem;display:flex;flex-wrap:wrap;
gap:.4rem 1.5rem;align-items:center}
.brand{display:flex;gap:.6rem;align-items:center;font-weight:750;font-size:1.3rem;
text-decoration:none;letter-spacing:-.01em;margin-right:auto}
.brand svg{width:2rem;height:2rem}
.top nav{display:flex;flex-wrap:wrap;gap:.2rem 1.2rem;align-items:center}
.top nav a,.top .lang{padding:.55rem 0;text-decoration:none;border-bottom:3px solid transparent}
.top nav a:hover,.top nav a[aria-current],.top .lang:hover{border-color:currentColor}
@media (min-width:40rem){.top .lang{order:1}}
@media (max-width:39.99rem){.top nav{width:100%}}
.top nav a[aria-current]{font-weight:650}
main{max-width:62rem;width:100%;margin:0 auto;padding:1.75rem 1.25rem 3rem;flex:1}
.narrow{max-width:38rem;margin:0 auto}
h1{font-size:clamp(1.9rem,6vw,2.8rem);line-height:1.12;letter-spacing:-.025em;margin:.2em 0 .35em;
text-wrap:balance;overflow-wrap:break-word}
h2{font-size:1.3rem;line-height:1.25;letter-spacing:-.01em;margin:0 0 .6rem}
p{margin:.4em 0}.lead{font-size:1.2rem;color:var(--soft);max-width:40rem}
.soft{color:var(--soft)}
.card{background:var(--card);border:1px solid var(--line);border-radius:1rem;padding:1.3rem 1.4rem;
margin:1.2rem 0}
.field{margin:0 0 1.6rem;border:0;padding:0;min-width:0}
label,legend{font-weight:650;display:block;padding:0}
legend{font-size:1.125rem}
.hint{color:var(--soft);margin:.1em 0 .45em}
.wrong-text{color:var(--wrong);font-weight:650;margin:.2em 0 .45em}
.field.wrong{border-left:5px solid var(--wrong);padding-left:1rem}
input,textarea{font:inherit;font-size:1.35rem;font-variant-numeric:tabular-nums;padding:.6rem .75rem;
border:2px solid var(--soft);border-radius:.6rem;background:var(--card);color:var(--ink);width:100%;
min-height:3.4rem}
input.nik{letter-spacing:.06em;max-width:17em}
.parts{display:flex;gap:.9rem;flex-wrap:wrap}.parts label{font-weight:500}
.parts input{width:5rem}.parts .year input{width:7.5rem}
button{font:inherit;font-size:1.25rem;font-weight:700;border:0;border-radius:.8rem;
background:var(--brand);color:var(--on-brand);padding:.9rem 1.6rem;min-height:3.6rem;width:100%;
cursor:pointer}
@media (prefers-color-scheme:dark){button{background:#7fdcbd;color:#06231b}}
a.button{display:block;font-size:1.25rem;font-weight:700;border-radius:.8rem;text-align:center;
background:var(--brand);color:var(--on-brand);padding:.9rem 1.6rem;text-decoration:none}
@media (min-width:40rem){a.button{display:inline-block}}
.quiet .card{background:none;border:0;padding:0}
.quiet button{background:none;color:var(--link);border:2px solid}
@media (prefers-color-scheme:dark){.quiet button{background:none;color:var(--link)}}
@media (prefers-color-scheme:dark){a.button{background:#7fdcbd;color:#06231b}}
.tick{display:flex;gap:.8rem;align-items:flex-start}.tick label{font-weight:500}
.tick input{flex:none;width:1.7rem;min-height:1.7rem;margin:.1rem 0 0;accent-color:var(--brand)}
.steps{padding-left:1.5rem}.steps li{margin:.5em 0}
button:hover{filter:brightness(1.08)}
@media (min-width:40rem){button{width:auto}}
.errors{border:3px solid var(--wrong);border-radius:1rem;padding:1rem 1.3rem;margin:0 0 1.6rem;
background:var(--card)}
.errors h2{color:var(--wrong)}.errors ul{margin:0;padding-left:1.2rem}
.errors a{color:var(--wrong);font-weight:650}
.state{border-radius:1.2rem;color:#fff;padding:1.6rem 1.5rem 1.5rem;margin:.6rem 0 1.2rem}
.state svg{width:3.4rem;height:3.4rem;display:block;margin-bottom:.7rem}
.state h1{margin:0 0 .2em;font-size:clamp(1.7rem,8.5vw,3.2rem)}
.state p{font-size:1.25rem;margin:.2em 0 0}.state .who{font-size:1rem;margin-top:1rem;opacity:.95}
.state,.tag{background:var(--none)}
.active:not(td){background:var(--active)}.grace:not(td){background:var(--grace)}
.lapsed:not(td){background:var(--lapsed)}
.programmes{list-style:none;margin:0;padding:0}
.programmes li{padding:.85rem 0;border-top:1px solid var(--line);display:grid;gap:.1rem 1rem}
.programmes li:first-child{border:0;padding-top:.2rem}
.programmes b{font-size:1.1rem}
.tag{display:inline-block;color:#fff;border-radius:99rem;padding:.05rem .75rem;font-size:.95rem;
font-weight:650;margin-right:.5rem;white-space:nowrap}
@media (min-width:34rem){.programmes li{grid-template-columns:1fr auto}.programmes .what{grid-column:1}
.programmes .when{grid-column:2;grid-row:1/span 2;text-align:right;align-self:center}}
.amount{font-size:clamp(2.3rem,10vw,3.4rem);font-weight:780;letter-spacing:-.03em;line-height:1.1;
margin:.1em 0;font-variant-numeric:tabular-nums}
.code{font-size:clamp(1.35rem,6vw,1.8rem);font-weight:700;letter-spacing:.05em;white-space:nowrap;
font-variant-numeric:tabular-nums;display:block}
.figures{display:grid;grid-template-columns:repeat(auto-fit,minmax(11.5rem,1fr));gap:1rem;
margin:1.5rem 0;padding:0}
.figures div{background:var(--card);border:1px solid var(--line);border-top:6px solid var(--none);
border-radius:1rem;padding:1rem 1.2rem 1.1rem}
.figures .is-active{border-top-color:var(--active)}.figures .is-grace{border-top-color:#c27803}
.figures .is-lapsed{border-top-color:#c8402f}.figures .is-money{border-top-color:var(--brand);
grid-column:1/-1}
@media (prefers-color-scheme:dark){.figures .is-active{border-top-color:#2fae74}}
.figures dt{font-weight:650}.figures dd{margin:0}
.figures .big{font-size:2.3rem;font-weight:780;letter-spacing:-.03em;line-height:1.15;
font-variant-numeric:tabular-nums;overflow-wrap:anywhere}
.figures .is-money .big{font-size:clamp(1.6rem,7vw,3.1rem)}
table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums;font-size:1rem}
caption{text-align:left;font-weight:700;font-size:1.3rem;padding-bottom:.6rem;letter-spacing:-.01em}
th,td{padding:.6rem .55rem;text-align:right;border-top:1px solid var(--line)}td{white-space:nowrap}
thead th{border:0;color:var(--soft);font-weight:600;line-height:1.3;vertical-align:bottom}
th:first-child{text-align:left;padding-left:0;min-width:8rem;line-height:1.3}
th:last-child,td:last-child{padding-right:0}
tbody td,tbody th{height:3.1rem}
tbody th{font-weight:600}td.bar{min-width:8rem;width:24%}
td.bar svg{display:block;width:100%;height:1rem;border-radius:.3rem}
.secret{font-family:ui-monospace,monospace;font-weight:650;overflow-wrap:anywhere}
.codes{padding-left:2.6rem;line-height:2}.qr{display:block;margin:1rem 0;max-width:100%}
section form{margin:1rem 0}summary{cursor:pointer;padding:.8rem 0;font-weight:650}
@media (max-width:47.99rem){table,caption,tbody{display:block}
thead{position:absolute;left:-99rem}
tbody tr{display:flex;flex-direction:column;padding:.9rem 0;border-top:1px solid var(--line)}
tbody th,tbody td{display:flex;justify-content:space-between;height:auto;border:0;padding:.15rem 0}
tbody th{font-size:1.15rem}
td::before{content:attr(data-name);color:var(--soft)}
td.bar{order:-1;width:100%;padding:.4rem 0}tbody th{order:-2}td.bar::before{content:none}
td.active::before,td.grace::before,td.lapsed::before{padding-left:.5rem;border-left:.7rem solid}
td.active::before{border-color:#12935a}td.grace::before{border-color:#e0a019}
td.lapsed::before{border-color:#c8402f}}
.key-active,.key-grace,.key-lapsed{padding-left:1.1em}
.key{background:linear-gradient(var(--key),var(--key)) no-repeat 0 55%/.7em .7em}
.key-active{--key:#12935a}.key-grace{--key:#e0a019}.key-lapsed{--key:#c8402f}
.b-rest{fill:var(--bar-rest)}.b-active{fill:#12935a}.b-grace{fill:#e0a019}.b-lapsed{fill:#c8402f}
.langs ul{list-style:none;margin:0 0 .6rem;padding:0;display:flex;flex-wrap:wrap;gap:0 1.3rem}
.langs a{display:inline-block;padding:.55rem 0}.langs a[aria-current]{font-weight:650;
text-decoration:none;color:inherit}
.foot{border-top:1px solid var(--line);color:var(--soft);font-size:1rem}
.foot>div{max-width:62rem;margin:auto;padding:1.1rem 1.25rem 2rem}
@media print{.top nav,.foot,.skip{display:none}}
)css";

}  // namespace jaring

import {load} from 'cheerio';
for (const n of [20000,100000,300000]) { let t=Date.now(); const p=load('<div>'.repeat(n)+'deep',{xml:{xmlMode:false,decodeEntities:true}}); console.log(n,Date.now()-t); }
let t=Date.now(); load('<div>'.repeat(100000)+'</p>'.repeat(200000),{xml:{xmlMode:false,decodeEntities:true}}); console.log('close',Date.now()-t);
t=Date.now(); load('<b>'.repeat(100000)+'</i>'.repeat(200000),{xml:{xmlMode:false,decodeEntities:true}}); console.log('close',Date.now()-t);
t=Date.now(); load('<p><b>'.repeat(200000),{xml:{xmlMode:false,decodeEntities:true}}); console.log('p b',Date.now()-t);
const p = load('<html><head><title>A &amp; B</title></head><body><p>a<p>b &eacute;<br>x<li>1<li>2<script>if (a<b) "</p>"</script></body>',{xml:{xmlMode:false,decodeEntities:true}});
console.log(p('title').text(), p('body').html());

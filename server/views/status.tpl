% rebase('base.tpl')
<div class="opening">
<h1>Status</h1>
<p class="tally">Release <code>{{release}}</code>, published <time datetime="{{figures.iso(made)}}" data-ago>{{figures.day(made)}}</time> <span>· data of <time datetime="{{figures.iso(data_of)}}">{{figures.day(data_of)}}</time></span><span data-fresh hidden></span> <span>· <a href="{{links.to('status.json')}}">as JSON</a></span></p>
</div>
<div class="report">
% if counted:
<section aria-labelledby="installs">
<h2 id="installs">Installs by Composer</h2>
<dl class="facts">
<div><dt>All that were counted</dt><dd>{{f'{counted.total:,}'}}</dd></div>
<div><dt>In the last thirty days</dt><dd>{{f'{counted.recent:,}'}}</dd></div>
<div><dt>Until</dt><dd><time datetime="{{figures.iso_day(counted.until)}}">{{figures.day(counted.until)}}</time></dd></div>
</dl>
</section>
% end
% if told:
<section aria-labelledby="cards">
<h2 id="cards">Cards</h2>
<dl class="facts">
% for name, label in (('current', 'Current'), ('stale', 'Changed since drawn'), ('failed', 'Failed'), ('never', 'Never drawn')):
<div><dt>{{label}}</dt><dd>{{f"{told['cards'][name]:,}"}}</dd></div>
% end
</dl>
<p>“Changed since drawn” counts packages of which some fact changed; most of these cards still print the truth, and the daily run redraws the others.</p>
</section>
<section aria-labelledby="ages">
<h2 id="ages">Age</h2>
<table>
<thead><tr><td></td><th scope="col">Half are younger than</th><th scope="col">90 %</th><th scope="col">99 %</th><th scope="col">Oldest</th></tr></thead>
<tbody>
% for name, label in (('card_age', 'Cards'), ('release_age', 'Latest versions')):
<tr><th scope="row">{{label}}</th>\\
% for part in ('p50', 'p90', 'p99', 'oldest'):
<td>{{figures.span(told[name][part]) if part in told[name] else '–'}}</td>\\
% end
</tr>
% end
</tbody>
</table>
</section>
<section aria-labelledby="catalogue">
<h2 id="catalogue">Catalogue</h2>
<dl class="facts">
% for name, label in (('plugin', 'Plugins'), ('theme', 'Themes'), ('closed', 'Closed'), ('withdrawn', 'Withdrawn'), ('refused', 'Refused lines')):
<div><dt>{{label}}</dt><dd>{{f"{told['catalogue'][name]:,}"}}</dd></div>
% end
</dl>
</section>
% if chart.segments:
<section aria-labelledby="runs">
<h2 id="runs">Last runs</h2>
<figure class="chart">
<svg viewBox="0 0 {{chart.width}} {{chart.height}}" role="img" aria-label="Seconds that each step of the last {{len(told['runs'])}} runs took; the table below has the figures">
% for bar in chart.segments:
<rect class="s{{bar.step % 6}}" x="{{bar.x}}" y="{{bar.y}}" width="{{bar.width}}" height="{{bar.height}}"><title>{{bar.label}}</title></rect>
% end
</svg>
<figcaption>\\
% for number, step in enumerate(chart.steps):
<span class="key s{{number % 6}}">{{step}}</span> \\
% end
</figcaption>
</figure>
<section class="wide" tabindex="0" aria-label="Last runs as a table">
<table>
<thead><tr><th scope="col">Started</th><th scope="col">Ended</th>\\
% for step in chart.steps:
<th scope="col">{{step}}</th>\\
% end
</tr></thead>
<tbody>
% for run in told['runs']:
<tr><th scope="row"><time datetime="{{figures.iso(run['started_at'])}}">{{figures.minute(run['started_at'])}}</time></th><td>{{'publishing this' if run['seconds'] is None else {0: 'well', 1: 'with failures'}.get(run['exit_code'], 'stopped')}}</td>\\
% took = {one['step']: one.get('seconds') for one in run['steps']}
% for step in chart.steps:
<td>{{'–' if took.get(step) is None else f'{took[step]:.1f} s'}}</td>\\
% end
</tr>
% end
</tbody>
</table>
</section>
</section>
% end
% else:
<p class="nothing">This release does not say how it was made.</p>
% end
</div>

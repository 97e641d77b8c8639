% if advisories:
% now = set(offered.advisories.split()) if offered else set()
<div class="notice{{'' if now else ' mild'}}" id="advisories">
<h2>{{'Vulnerable as it is offered' if now else 'Vulnerable in older versions'}}</h2>
<ul>
% for one in advisories:
<li>\\
% if one.link:
<a href="{{one.link}}" rel="nofollow">{{one.title}}</a>\\
% else:
{{one.title}}\\
% end
 <span class="count">{{', '.join(filter(None, (one.cve, one.severity)))}}</span>: versions <code>{{one.affected}}</code></li>
% end
</ul>
% if of:
<p class="count">Advisories: {{of}}</p>
% end
</div>
% end

% if advisories:
% now = set(offered.advisories.split()) if offered else set()
<section aria-labelledby="advisories">
<h2 id="advisories">{{'Vulnerable as it is offered' if now else 'Vulnerable in older versions'}}</h2>
<ul>
% for one in advisories:
<li>\\
% if one.link:
<a href="{{one.link}}" rel="nofollow">{{one.title}}</a>\\
% else:
{{one.title}}\\
% end
 ({{', '.join(filter(None, (one.cve, one.severity, f'versions {one.affected}')))}})</li>
% end
</ul>
% if of:
<p>Advisories: {{of}}</p>
% end
</section>
% end

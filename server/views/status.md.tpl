# Status

Release {{!release}}, published {{!figures.iso(made)}}, data of {{!figures.iso_day(data_of)}}.

% if counted:
- Installs by Composer: {{!f'{counted.total:,}'}}, {{!f'{counted.recent:,}'}} of them in the thirty days to {{!figures.iso_day(counted.until)}}
% end
% if told:
- Cards: {{!told['cards']['current']}} current, {{!told['cards']['stale']}} changed since drawn, {{!told['cards']['failed']}} failed, {{!told['cards']['never']}} never drawn
- Catalogue: {{!told['catalogue']['plugin']}} plugins, {{!told['catalogue']['theme']}} themes, {{!told['catalogue']['closed']}} closed

% for run in told['runs']:
- {{!figures.iso(run['started_at'])}}: {{!', '.join('%s %.1f s' % (one['step'], one['seconds']) for one in run['steps'] if one.get('seconds') is not None)}}
% end
% end

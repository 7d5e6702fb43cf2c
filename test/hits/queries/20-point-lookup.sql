-- One user, by the distribution key.
select session_id, page_path, event_time from hits where user_id = (select max(user_id) from hits where clicks > 20) order by event_time, page_path, session_id limit 10;
